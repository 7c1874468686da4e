/**
 * What a person at a terminal can do, in as few sittings as show it: each costs half a second of the processor, and two
 * more where TAB asks for types. `nodes.test.ts` does the most important of it on the other Nodes that are supported.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Dog, DogSchool } from '../the-school'
import {
  ctrlA,
  ctrlC,
  ctrlD,
  ctrlE,
  ctrlR,
  enter,
  flood,
  left,
  openTerminal,
  paste,
  runaways,
  type Sitting,
  tab,
  terminal,
  up,
} from './pseudo-terminal'

const isLong = process.env.DOG_SCHOOL_LONG === '1'
const colours = new RegExp(`${'\u001b'}\\[[0-9;]*m`)

t.setTimeout(900_000)

terminal('what is typed runs nothing, and what TAB offers', async (t) => {
  const sitting = openTerminal(t.testdir())
  const { see, press, type, leave, raw } = sitting
  await see(/> $/)
  await type("const id = await school.registerDog('Fido')", /\+1 Registered · fido v1/)
  await type("const fido = new Dog('Rex'), held = await school.repository.get(Dog, id); 'both'", /'both'\s+> $/)
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
  // The completer itself is asked for all of them in `types.test.ts`; each is typed here in the long form.
  const methods = [...school, ...dogs, ...library].filter((_, at) => isLong || at % 12 === 0)
  for (const [index, method] of methods.entries()) {
    const call = `${method}(${/ddTrick/.test(method) ? "'sit'" : "'Fido'"})`
    await press(`${method.slice(0, -2)}`, tab, tab, ctrlC, call, tab, `.`, tab, tab, 'th', tab, `;n${index};`)
    await see(new RegExp(`;n${index};`))
    await press(ctrlC)
  }
  await press('await school.addTrick(id, "roll").th', tab, tab, ';end;')
  await see(/;end;/)
  await press(ctrlC)
  const counts = 'await school.notificationLog.max(), fido.version, held.version, fido.pendingEvents.length'
  await type(`[${counts}].join()`, /'1,1,1,1'/)

  /** TAB acts as the last of several keys that arrive together, so what comes before it must be there. */
  const complete = async (text: string, wanted: RegExp) => {
    await press(text)
    await see(new RegExp(text.replace(/[().]/g, '\\$&')))
    await press(tab)
    await see(wanted)
    await press(ctrlC)
  }
  await type("class Cat { miau() { return 'miau' } }; 'a class'", /'a class'\s+> $/)
  await complete('new Cat().mi', /new Cat\(\)\.miau/)
  await complete('(await school.getDog("x")).tri', /\.tricks/)
  await complete('.at fi', /\.at fido/)
  await complete('.time', /\.timeline/)
  t.equal(await leave(ctrlC, ctrlC), 0)
  t.match(raw(), colours)
})

terminal('a sitting, and the next one', async (t) => {
  const folder = t.testdir()
  const first = openTerminal(folder)
  await first.see(/> $/)
  await t.test('an input of several lines is edited as one text', (t) => editsLines(t, folder, first))
  await t.test('Ctrl-C stops what runs, and keeps the session', () => stops(first))
  await t.test('what is typed while a line runs is for the next', () => typesAhead(folder, first))
  const before = remembered(folder).length

  await first.press(`const dog = {${enter}`, `name: 'Rex',${enter}`, `}${enter}`)
  await first.type('dog.name', /dog\.name\s+'Rex'/)
  const pasted =
    "@event('Born')\nclass Cat extends Aggregate {\n  lives = 9\n  constructor(readonly name: string) {\n    super()\n  }\n}\n"
  await first.press(paste(pasted))
  await first.see(/super\(\)\s+\}\s+\}/)
  await first.press(enter)
  const last = "new Cat('Tom').pendingEvents[0]?.name + until('left')"
  await first.type(last, /begun/)
  await first.press(ctrlD)
  writeFileSync(join(folder, 'left'), '')
  await first.see(/'Bornleft'/)
  t.equal(await first.leave(), 0, 'Ctrl-D while a line runs is for the prompt behind it')
  const dog = "const dog = {\n  name: 'Rex',\n}"
  t.strictSame(remembered(folder).slice(before), [dog, 'dog.name', pasted.trimEnd(), last], 'as it was typed')

  const second = openTerminal(folder, { env: { NO_COLOR: '1' } })
  await second.see(/> $/)
  await second.press(up)
  await second.see(/new Cat\('Tom'\)\.pendingEvents/)
  await second.press(ctrlC, ctrlR, 'lives')
  await second.see(/class Cat extends Aggregate \{\s+lives = 9[\s\S]*bck-i-search: lives_/)
  await second.press(enter)
  await second.type("new Cat('Tom').lives", /\n9/)
  // The way up leads through the lines of an input first, and then to what was before it.
  await second.press(up, up)
  await second.see(/@event\('Born'\)\s+class Cat/)
  await second.press(...Array(6).fill(up), up, up)
  await second.see(/> new Cat\('Tom'\)\.pendingEvents[\s\S]*class Cat/)
  await second.press(...Array(6).fill(up), up, up)
  await second.see(/> dog\.name[\s\S]*> const dog = \{\s+name: 'Rex',\s+\}/)
  await second.press(enter)
  await second.type('dog.name', /dog\.name\s+'Rex'/)
  const forEver = "setInterval(() => {}, 1000); 'for ever'"
  await second.type(forEver, /'for ever'\s+> $/)
  t.equal(await second.leave(`.exit${enter}`), 0, 'whatever still runs')
  t.strictSame(remembered(folder).slice(before + 4), [
    pasted.trimEnd(),
    "new Cat('Tom').lives",
    dog,
    'dog.name',
    forEver,
    '.exit',
  ])
  t.notMatch(second.raw(), colours)
})

async function editsLines(t: Test, folder: string, { shows, press, type }: Sitting): Promise<void> {
  await type("'before'", /'before'\s+> $/)
  await press(`const dog = {${enter}`, `nam: 'Rex',${enter}`, 'age: 3')
  // In a line in the middle, keys go in where the cursor is, and take out what is before it.
  await press(up, ctrlA, ...Array(5).fill('\u001b[C'), 'ey', '\u007f\u007f', 'e', ctrlE, left, left, '\u007f', 'y')
  const note = '(Something is still open, so the input goes on. Ctrl-C gives it up.)'
  await shows("> 'before'", "'before'", note, '> const dog = {', "  name: 'Rey',", '  age: 3')
  // Ctrl-C with the cursor further up leaves the text where it stands.
  await press(ctrlC)
  await shows('> const dog = {', "  name: 'Rey',", '  age: 3', '>')
  // An error of somebody else's is told above all that is being typed, and none of it is lost.
  const trap = "process.once('SIGUSR2', () => { throw new Error('from outside') }).pid"
  const [, id] = /\n(\d+)\s+> $/.exec(await type(trap, /\n\d+\s+> $/)) ?? []
  await press(`[${enter}`, `1,${enter}`, '2')
  await shows('> [', '  1,', '  2')
  process.kill(Number(id), 'SIGUSR2')
  await shows(`${id}`, 'Uncaught Error: from outside', '.error shows where it came from.', '> [', '  1,', '  2')
  await press(`,${enter}`, `].length${enter}`)
  await shows('> [', '  1,', '  2,', '].length', '2', '>')
  await type("'after'", /'after'\s+'after'\s+> $/)
  t.strictSame(remembered(folder), ["'before'", trap, '[\n  1,\n  2,\n].length', "'after'"])
}

async function stops({ see, press, type }: Sitting): Promise<void> {
  await type("const id = await school.registerDog('Fido')", /\+1 Registered/)
  for (const runaway of [...runaways, ...Array<string>(isLong ? 20 : 2).fill(flood)]) {
    await type(runaway, /begun/)
    await press(ctrlC)
    await see(/Stopped\./)
  }
  await type('(await school.getDog(id)).name', /'Fido'/)
  await type("throw new TypeError('mine')", /TypeError: mine\s+\.error shows/)
  await type('process.exit(3)', /process\.exit\(3\) would end the session/)
  await type("void Promise.reject(new Error('late'))", /Uncaught Error: late/)
  await type("setTimeout(() => { throw new Error('timer') }, 20), 0", /Uncaught Error: timer/)
  await type('_error.message', /'mine'|'process|'late'|'timer'/)
  // Ctrl-C drops what is waiting to be typed, so it waits until the line is there.
  await press('half a line')
  await see(/half a line/)
  await press(ctrlC)
  await see(/> $/)
  await press(ctrlC)
  await see(/Ctrl-C again leaves/)
  await type('1 + 1', /\n2\s+> $/)
}

async function typesAhead(folder: string, { see, press, type }: Sitting): Promise<void> {
  await type("import { existsSync } from 'node:fs'; 'a file'", /'a file'/)
  // Some rounds more than it takes to look at the keyboard.
  const rounds = 'for (let n = 0; n < 3000; n += +existsSync(file));'
  await type(
    `const until = (file: string) => { console.log('beg' + 'un'); ${rounds} return file }; 'a loop'`,
    /'a loop'/,
  )
  // Behind an `await`, the terminal has its raw mode.
  for (const before of ['', 'await 1; ']) {
    const file = before === '' ? 'one' : 'two'
    await type(`${before}until('${file}')`, /begun/)
    await press(`'typed ' + 'ahead of ${file}'${enter}`)
    writeFileSync(join(folder, file), '')
    await see(new RegExp(`'typed ahead of ${file}'\\s+> $`))
  }
}

terminal('one that can show next to nothing', async (t) => {
  const { see, press, type, leave, raw } = openTerminal(t.testdir(), { env: { TERM: 'dumb', LANG: 'C' } })
  await press(`const id = await school.registerDog('Fido')${enter}`, `.timeline${enter}`)
  await see(/\+1 Registered - fido v1/)
  await type(runaways[2], /begun/)
  await press(ctrlC)
  await see(/Stopped\./)
  t.equal(await leave(ctrlD), 1, 'as in a pipe, a line that failed counts')
  t.notMatch(raw(), /[^ -~\s]/, 'no escape, and no sign that such a terminal lacks')
})

const remembered = (folder: string): string[] =>
  readFileSync(join(folder, 'history'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string)
