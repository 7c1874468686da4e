/**
 * The prompt in a real terminal, for tests: a pseudo-terminal of the program `script`, whose keys are pressed here and
 * whose screen is read as text.
 */
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import t, { type Test } from 'tap'
import { cleanEnvironment, shortLived } from '../clean-environment'
import { rowsOf } from './screen'

export const main = join(__dirname, '..', '..', 'src', 'cli', 'main.cjs')
export const [ctrlA, ctrlC, ctrlD, ctrlE, ctrlR] = ['\u0001', '\u0003', '\u0004', '\u0005', '\u0012']
export const [tab, enter, up, left] = ['\t', '\r', '\u001b[A', '\u001b[D']
/** As a terminal marks what is pasted. */
export const paste = (text: string): string => `\u001b[200~${text}\u001b[201~`

/**
 * Cells that say `begun` and do not end: without a pause, with pauses that let nothing else happen, with one pause. While
 * code runs without a pause, Ctrl-C is a signal; one that comes as that part ends could get lost, hence the `await` first.
 */
export const runaways = [
  "console.log('beg' + 'un'); while (true) {}",
  "await 1; console.log('beg' + 'un'); for (;;) await 1",
  "await 1; console.log('beg' + 'un'); await new Promise(() => {})",
] as const

/** One that Ctrl-C nearly always meets in the midst of a write to the terminal. */
export const flood = "console.log('beg' + 'un'); while (true) console.log('and on')"

/** How long a text on the screen is waited for: what comes at all comes within seconds, on a machine with time to spare. */
const patience = 120_000

export interface Options {
  readonly env?: NodeJS.ProcessEnv
  /** The Node that runs the prompt. */
  readonly node?: string
  /** Whether it knows types, which costs four seconds of the processor. */
  readonly types?: boolean
  /** What the shell in the terminal is to run in place of the prompt. */
  readonly command?: string
}

export type Sitting = ReturnType<typeof openTerminal>

const open = new Set<() => void>()
t.teardown(() => {
  for (const close of open) close()
})

const columns = 100

/** A sitting at a terminal. */
export function openTerminal(folder: string, { env, node = process.execPath, types = false, command }: Options = {}) {
  const prompt = ['exec', node, shortLived, main, '--db', join(folder, 'dogs.db'), ...(types ? [] : ['--no-types'])]
    .map(quoted)
    .join(' ')
  const child = spawn(
    'script',
    ['-qfec', `unset NODE_OPTIONS; stty rows 40 cols ${columns}; ${command ?? prompt}`, '/dev/null'],
    {
      cwd: folder,
      env: cleanEnvironment({
        TERM: 'xterm',
        SHELL: '/bin/sh',
        LANG: 'C.UTF-8',
        DOG_SCHOOL_HISTORY: join(folder, 'history'),
        ...env,
      }),
    },
  )
  let raw = ''
  let screen = ''
  let partial = ''
  let seen = 0
  let end: { readonly status: number | null } | undefined
  const looking = new Set<() => void>()
  const look = () => {
    for (const each of looking) each()
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text
    partial += text
    // A command to the terminal ends with a letter, which may come with the next piece.
    const last = partial.lastIndexOf('\u001b')
    const end = last < 0 || /[A-Za-z]/.test(partial.slice(last)) ? partial.length : last
    screen += stripVTControlCharacters(partial.slice(0, end))
    partial = partial.slice(end)
    look()
  })
  child.on('close', (status) => {
    end = { status }
    look()
  })

  /** Waits until a look at the screen gives something. */
  const until = <T>(wanted: unknown, find: () => T | undefined, saw: () => string): Promise<T> =>
    new Promise((resolve, reject) => {
      const done = () => {
        looking.delete(attempt)
        clearTimeout(timer)
      }
      const give = (why: string) => {
        done()
        reject(new Error(`Waited for ${wanted} ${why}, and saw:\n${saw()}`))
      }
      const attempt = () => {
        const found = find()
        if (found !== undefined) {
          done()
          resolve(found)
        } else if (end) give('until the terminal was closed')
      }
      const timer = setTimeout(() => give('in vain'), patience)
      looking.add(attempt)
      attempt()
    })

  /** Waits for a text that comes after what was waited for last, and gives all that came up to its end. */
  const see = (wanted: RegExp): Promise<string> => {
    const news = () => screen.slice(seen)
    const find = () => {
      const found = wanted.exec(news())
      if (!found) return undefined
      const text = news().slice(0, found.index + found[0].length)
      seen += text.length
      return text
    }
    return until(wanted, find, news)
  }

  /** Waits until these are the last rows, as they stand there. */
  const shows = (...wanted: string[]): Promise<true> => {
    const last = () => rowsOf(raw, columns).slice(-wanted.length).join('\n')
    return until(
      JSON.stringify(wanted),
      () => last() === wanted.join('\n') || undefined,
      () => rowsOf(raw, columns).join('\n'),
    )
  }

  /** Presses keys, one after another as a person does: nothing hangs on the pause, a busy machine may take several at once. */
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      child.stdin.write(key)
      await sleep(10)
    }
  }
  /** Enters a line, and waits for what it gives. */
  const type = (line: string, wanted: RegExp) => {
    child.stdin.write(line + enter)
    return see(wanted)
  }
  /** Leaves as one does, and gives the exit status. */
  const leave = async (...keys: string[]) => {
    await press(...keys)
    const { status } = await until(
      'the end',
      () => end,
      () => rowsOf(raw, columns).join('\n'),
    )
    return status
  }
  child.stdin.on('error', () => undefined)
  open.add(() => child.kill('SIGKILL'))
  /** Takes the terminal away. */
  const tear = () => child.kill('SIGKILL')
  return { see, shows, press, type, leave, tear, raw: () => raw }
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

const isHere = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '')

/** A test that needs a terminal: a visible skip on a machine that has none for us, and a failure where all must be there. */
export function terminal(name: string, work: (t: Test) => Promise<void>): void {
  const skip = !isHere && !process.env.CI && 'the program `script` of util-linux is not here'
  void t.test(name, { skip }, work)
}
