/**
 * How long one waits: for the library to be imported, for the prompt, a cell, TAB, a check, and to leave. In a real terminal
 * (a pseudo-terminal of the program `script`), beside the prompts of Node and of ts-node, or a process that does nothing; a
 * keystroke is timed to its effect.
 */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { cleanEnvironment } from '../clean-environment'
import { type Figure, median } from './measure'

const root = join(__dirname, '..', '..')
const cells = 200
const turns = 7

/** A program at a terminal of its own. */
class Prompt {
  readonly #child: ChildProcessWithoutNullStreams
  #said = ''
  readonly #started = performance.now()

  constructor(command: string, folder: string) {
    const env = cleanEnvironment({
      TERM: 'xterm',
      LANG: 'C.UTF-8',
      DOG_SCHOOL_HISTORY: join(folder, 'history'),
      DOG_SCHOOL_HOME: folder,
    })
    this.#child = spawn('script', ['-qfec', command, '/dev/null'], { cwd: folder, env })
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text
    })
  }

  /** Milliseconds from the start to the prompt. */
  async ready(): Promise<number> {
    await this.#hear('> ')
    return performance.now() - this.#started
  }

  /** Milliseconds from the last key to the effect. */
  async press(keys: string, effect: string): Promise<number> {
    this.#said = ''
    const start = performance.now()
    this.#child.stdin.write(keys)
    await this.#hear(effect)
    return performance.now() - start
  }

  /** Milliseconds from Enter until the process is gone. */
  async end(): Promise<number> {
    const over = new Promise((resolve) => this.#child.on('close', resolve))
    const start = performance.now()
    this.#child.stdin.write('.exit\r')
    await over
    return performance.now() - start
  }

  async #hear(text: string): Promise<void> {
    for (const end = Date.now() + 20_000; !this.#said.includes(text); ) {
      if (Date.now() > end) throw new Error(`Waited for ${JSON.stringify(text)}, and saw ${JSON.stringify(this.#said)}`)
      await new Promise((turn) => setImmediate(turn))
    }
  }
}

interface Contender {
  readonly name: string
  readonly command: string
  /** Something to complete, and what comes of it. */
  readonly tab: readonly [typed: string, effect: string]
}

/** Without these, its prompt does not work with TypeScript 6. */
const tsNodeOptions = JSON.stringify({ module: 'commonjs', moduleDetection: 'auto', target: 'es2022' })
const main = join(root, 'src', 'cli', 'main.cjs')
const contenders: readonly Contender[] = [
  { name: 'ours', command: `node ${main}`, tab: ['school.regi', 'sterDog'] },
  { name: 'node', command: 'node -i', tab: ['process.hrt', 'ime'] },
  {
    name: "ts-node's prompt",
    command: `node ${join(root, 'node_modules/ts-node/dist/bin.js')} -O '${tsNodeOptions}'`,
    tab: ['process.hrt', 'ime'],
  },
]

async function at({ command, tab }: Contender, folder: string) {
  const starts: number[] = []
  const ends: number[] = []
  for (let turn = 0; turn <= turns; turn++) {
    const prompt = new Prompt(command, folder)
    const time = await prompt.ready()
    const end = await prompt.end()
    // The first turn finds nothing in the caches.
    if (turn === 0) continue
    starts.push(time)
    ends.push(end)
  }
  const prompt = new Prompt(command, folder)
  await prompt.ready()
  const first = await prompt.press('"aa" + "first"\r', "aafirst'")
  await sleep(1500)
  const times: number[] = []
  for (let i = 0; i < cells; i++) times.push(await prompt.press(`"aa" + ${i}\r`, `aa${i}'`))
  const tabs: number[] = []
  for (let i = 0; i < turns; i++) {
    await prompt.press(tab[0], tab[0].at(-1) as string)
    await sleep(300)
    tabs.push(await prompt.press('\t', tab[1]))
    // Nothing of it is run: the line is given up.
    await prompt.press('\u0003', '> ')
    await sleep(100)
  }
  return {
    start: median(starts),
    atOnce: median(ends),
    end: await prompt.end(),
    first,
    early: median(times.slice(0, 50)),
    late: median(times.slice(-50)),
    tab: median(tabs),
  }
}

/** What a learner waits for, in a session that has just begun. */
async function lesson({ command }: Contender, folder: string) {
  const figures = { line: [] as number[], check: [] as number[], again: [] as number[] }
  for (let turn = 0; turn < turns; turn++) {
    const prompt = new Prompt(command, folder)
    await prompt.ready()
    figures.line.push(await prompt.press("new Dog('Fi' + 'do').name\r", "'Fido'"))
    figures.check.push(await prompt.press('.check 1\r', 'and check again'))
    figures.again.push(await prompt.press('.check 1\r', 'and check again'))
    await prompt.end()
  }
  return figures
}

function imported(code: string): number {
  const times = Array.from({ length: turns }, () => {
    const start = performance.now()
    execFileSync('node', ['-e', code], { cwd: root, env: cleanEnvironment() })
    return performance.now() - start
  })
  return median(times)
}

export async function* starts(): AsyncGenerator<Figure> {
  execFileSync('npm', ['run', '--silent', 'prepack'], { cwd: root })
  const nothing = imported('0')
  const ms = (what: string, ours: number, other?: { what: string; figure: number }): Figure => ({
    what,
    ours,
    unit: 'ms',
    floor: other,
  })
  yield ms('a process that imports the library', imported("require('dog-school')"), {
    what: 'and one that imports nothing',
    figure: nothing,
  })
  if (spawnSync('script', ['--version']).error) {
    console.error('starts: no program `script` here, so there is no terminal to measure at')
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'dog-school-bench-'))
  const found = new Map<string, Awaited<ReturnType<typeof at>>>()
  for (const each of contenders) found.set(each.name, await at(each, folder))
  const { line, check, again } = await lesson(contenders[0] as Contender, folder)
  rmSync(folder, { recursive: true, force: true })
  const bare = { what: 'a process that does nothing', figure: nothing }
  yield ms('the first line about a dog, typed at once', median(line), bare)
  yield ms('the first check of a session', median(check), bare)
  yield ms('a check after that', median(again), bare)
  const [ours, ...others] = [...found]
  const titles = {
    start: 'the prompt is on the screen',
    first: 'the first cell, typed at once',
    early: 'a cell, of the first 50',
    late: `a cell, after ${cells - 50}`,
    tab: 'TAB, once warm',
    atOnce: '.exit, as the first line',
    end: '.exit, later',
  } as const
  for (const [name, figures] of others)
    for (const [key, title] of Object.entries(titles) as [keyof typeof titles, string][])
      yield ms(`${title}, beside ${name}`, ours?.[1][key] ?? Number.NaN, { what: name, figure: figures[key] })
}
