/**
 * The prompt in a real terminal: a pseudo-terminal of the program `script`, whose keys are pressed here and whose screen
 * is read as text.
 */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { Dog } from '../../lessons/7-implementing-persistence/solution/dog'
import { DogSchool } from '../../lessons/7-implementing-persistence/solution/dog-school'
import { cleanEnvironment } from '../clean-environment'

const main = join(__dirname, '..', '..', 'src', 'repl', 'main.cjs')
const [ctrlC, ctrlD, ctrlR, tab, up, enter] = ['\u0003', '\u0004', '\u0012', '\t', '\u001b[A', '\r']
const colours = new RegExp(`${'\u001b'}\\[[0-9;]*m`)

const open = new Set<() => void>()
t.teardown(() => {
  for (const kill of open) kill()
})

/** A sitting at a terminal of 100 columns. */
function openTerminal(folder: string, env: NodeJS.ProcessEnv = {}) {
  const command = `stty rows 40 cols 100; exec node ${main} --db ${join(folder, 'dogs.db')}`
  const child = spawn('script', ['-qfec', command, '/dev/null'], {
    cwd: folder,
    env: cleanEnvironment({ TERM: 'xterm', LANG: 'C.UTF-8', DOG_SCHOOL_HISTORY: join(folder, 'history'), ...env }),
  })
  let raw = ''
  let seen = 0
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text
  })
  const left = new Promise<number | null>((resolve) => child.on('close', resolve))
  /** Waits for a text that has not been waited for yet, and gives all that came up to it. */
  const see = async (wanted: RegExp): Promise<string> => {
    for (let tries = 0; tries < 600; tries++) {
      const text = stripVTControlCharacters(raw.slice(seen))
      if (wanted.test(text)) {
        seen = raw.length
        return text
      }
      await sleep(25)
    }
    throw new Error(`Waited for ${wanted}, and saw:\n${stripVTControlCharacters(raw.slice(seen))}`)
  }
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      child.stdin.write(key)
      await sleep(15)
    }
  }
  /** Types a line, and waits for what it gives. */
  const type = async (line: string, wanted: RegExp) => {
    child.stdin.write(line + enter)
    return see(wanted)
  }
  open.add(() => child.stdin.end())
  return { see, press, type, left, raw: () => raw }
}

const isHere = spawnSync('script', ['--version']).error === undefined
if (!isHere) t.comment('There is no program `script` here: nothing was tried in a terminal.')
const terminal = isHere ? t.test.bind(t) : () => undefined
t.setTimeout(240_000)

terminal('typing and TAB run nothing', async (t) => {
  const { see, press, type, left } = openTerminal(t.testdir())
  await see(/> $/)
  await type("const id = await school.registerDog('Fido')", /\+1 Registered/)
  await type("const fido = new Dog('Rex'), held = await school.repository.get(Dog, id)", /> $/)
  const names = (of: object, end: object) => {
    const found = new Set<string>()
    for (let each = of; each !== end; each = Object.getPrototypeOf(each))
      for (const name of Object.getOwnPropertyNames(each)) if (name !== 'constructor') found.add(name)
    return [...found]
  }
  const school = names(DogSchool.prototype, Object.prototype).map((name) => `school.${name}`)
  const dogs = names(Dog.prototype, Object.prototype).flatMap((name) => [`fido.${name}`, `held.${name}`])
  const library = [
    'Application',
    'Dog.replay',
    'sqlite',
    'event',
    'Aggregate',
    'z.string',
    'school.repository.get',
    'school.notificationLog.select',
  ]
  t.ok(school.length > 5 && dogs.length > 10)
  for (const method of [...school, ...dogs, ...library]) {
    const call = `${method}(${/ddTrick/.test(method) ? "'sit'" : "'Fido'"})`
    await press(`${method.slice(0, -2)}`, tab, tab, ctrlC, call, tab, `.`, tab, tab, 'th', tab, ctrlC)
  }
  await press('await school.addTrick(id, "roll").th', tab, tab, ctrlC)
  const counts = 'await school.notificationLog.max(), fido.version, held.version, fido.pendingEvents.length'
  await type(`[${counts}].join()`, /'1,1,1,1'/)
  await press(ctrlD)
  t.equal(await left, 0)
})

terminal('what TAB offers', async (t) => {
  const { see, press, left } = openTerminal(t.testdir())
  await see(/> $/)
  await press(`class Cat { miau() { return 'miau' } }${enter}`)
  await sleep(2500)
  await press('new Cat().mi', tab)
  await see(/new Cat\(\)\.miau/)
  await press(ctrlC, '(await school.getDog("x")).tri', tab)
  await see(/\.tricks/)
  await press(ctrlC, `await school.registerDog("Fido")${enter}`)
  await see(/\+1 Registered/)
  await press('.at fi', tab)
  await see(/\.at fido/)
  await press(ctrlC, '.time', tab)
  await see(/\.timeline/)
  await press(ctrlC, ctrlC, ctrlC)
  t.equal(await left, 0)
})

terminal('Ctrl-C stops what runs, and keeps the session', async (t) => {
  const { see, press, type, left } = openTerminal(t.testdir())
  await see(/> $/)
  await type("const id = await school.registerDog('Fido')", /\+1 Registered/)
  for (const runaway of ['while (true) {}', 'for (;;) await 1', 'await new Promise(() => {})']) {
    await press(runaway + enter)
    await sleep(300)
    await press(ctrlC)
    await see(/Stopped\./)
  }
  await type('(await school.getDog(id)).name', /'Fido'/)
  await type("throw new TypeError('mine')", /TypeError: mine\s+\.error shows/)
  await type('process.exit(3)', /process\.exit\(3\) would end the session/)
  await type("void Promise.reject(new Error('late'))", /Nobody caught: Error: late/)
  await type("setTimeout(() => { throw new Error('timer') }, 20), 0", /Nobody caught: Error: timer/)
  await type('_error.message', /'mine'|process|late|timer/)
  await press('half a line', ctrlC)
  await press(ctrlC)
  await see(/Ctrl-C again leaves/)
  await type('1 + 1', /\n2/)
  await press(ctrlC)
  await see(/Ctrl-C again leaves/)
  await press(ctrlC)
  t.equal(await left, 0)
})

terminal('several lines, a paste, and the history of the sitting before', async (t) => {
  const folder = t.testdir()
  const first = openTerminal(folder)
  await first.see(/> $/)
  await first.press(`const dog = {${enter}`, `name: 'Rex',${enter}`, `}${enter}`)
  await first.type('dog.name', /'Rex'/)
  const pasted =
    "@event('Born')\nclass Cat extends Aggregate {\n  lives = 9\n  constructor(readonly name: string) {\n    super()\n  }\n}\n"
  await first.press(`\u001b[200~${pasted}\u001b[201~`)
  await sleep(300)
  await first.press(enter)
  await first.type("new Cat('Tom').pendingEvents[0]?.name", /'Born'/)
  await first.press(ctrlD)
  t.equal(await first.left, 0)
  const lines = readFileSync(join(folder, 'history'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string)
  t.strictSame(lines, [
    "const dog = {\n  name: 'Rex',\n}",
    'dog.name',
    pasted.trimEnd(),
    "new Cat('Tom').pendingEvents[0]?.name",
  ])

  const second = openTerminal(folder)
  await second.see(/> $/)
  await second.press(up)
  await second.see(/new Cat\('Tom'\)\.pendingEvents/)
  await second.press(ctrlC, ctrlR, 'lives')
  await second.see(/class Cat extends Aggregate/)
  await second.press(enter)
  await sleep(2500)
  await second.type("new Cat('Tom').lives", /9/)
  await second.press(ctrlD)
  t.equal(await second.left, 0)
})

terminal('colour is a matter of taste', async (t) => {
  const line = "const id = await school.registerDog('Fido')"
  const painted = openTerminal(t.testdir())
  await painted.see(/> $/)
  await painted.type(line, /\+1 Registered · fido v1/)
  await painted.press(ctrlD)
  await painted.left
  t.match(painted.raw(), colours)

  const plain = openTerminal(t.testdir(), { NO_COLOR: '1' })
  await plain.see(/> $/)
  await plain.type(line, /\+1 Registered · fido v1/)
  await plain.press(ctrlD)
  await plain.left
  t.notMatch(plain.raw(), colours)

  const dumb = openTerminal(t.testdir(), { TERM: 'dumb', LANG: 'C' })
  await dumb.press(line + enter, `.timeline${enter}`)
  await dumb.see(/\+1 Registered - fido v1/)
  await dumb.press(ctrlD)
  t.equal(await dumb.left, 0)
  t.notMatch(dumb.raw(), /[^ -~\s]/, 'no escape, and no sign that such a terminal lacks')
})
