/** The prompt with its types on: what is refused before it runs, what is told of types, and what TAB offers. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Lesson, lessons } from '../../src/checkpoints/folders'
import { recordProgress } from '../../src/checkpoints/progress-file'
import { commands } from '../../src/repl/commands'
import { examples } from '../../src/repl/commands/doc-examples'
import { Completer } from '../../src/repl/terminal/completer'
import { readsTypes, showsItsExample } from './examples'
import { sit } from './sitting'

const isLong = process.env.DOG_SCHOOL_LONG === '1'
const home = join(t.testdir(), 'my-school')
process.env.DOG_SCHOOL_HOME = home

t.test('what has the wrong type is not run', async (t) => {
  const folder = t.testdir({ 'wrong.ts': 'console.log("run"); const x: number = "a"' })
  const { shows, take, shell, end } = await sit({ types: true })
  t.match(await shows('await school.registerDog(1)'), /not assignable to parameter of type 'string'/)
  t.match(await shows("await school.registerDog('Fido').name"), /Property 'name' does not exist/)
  t.match(await shows('school.motto()'), /Property 'motto' does not exist/)
  t.match(await shows(`.load ${join(folder, 'wrong.ts')}`), /not assignable to type 'number'/)
  t.match(await shows('idOf(1)'), /not assignable to parameter of type 'string'/)
  t.equal(await shell.session.recorder.maxNotificationId(), 0)
  await take("const dog = await school.getDog(await school.registerDog('Fido'))")
  t.match(await shows('dog.age'), /Property 'age' does not exist/, 'a line knows the types of those before it')
  await end()
})

t.test('.doc, .type, and the examples of the library', async (t) => {
  const sitting = await sit({ types: true })
  const { shows, take } = sitting
  t.match(await shows('.doc school.addTrick'), /DogSchool\.addTrick\(dogId: string, trick: string\): Promise<void>/)
  t.match(await shows('.doc Aggregate'), /class Aggregate\nExtend it/)
  t.match(await shows('.doc idOf'), /function idOf\(who: string\): string\n.*by a name/s)
  t.match(await shows('.doc nothing_of_the_kind'), /Nothing here is called/)
  t.equal(await shows(".type await school.getDog('x')"), '{ name: string; tricks: string[]; }')
  t.match(await shows('.type nothing'), /Cannot find name 'nothing'/)
  for (const [name, example] of Object.entries(examples)) {
    const answer = await take(example)
    t.notMatch(JSON.stringify(answer), /"kind":"(problem|mistakes)"/, name)
  }
  await sitting.end()
})

t.test('the examples of the commands that read types', async (t) => {
  for (const command of commands.filter(({ name }) => readsTypes(name))) await showsItsExample(t, command)
})

t.test('what is stopped while its types are being checked never runs', async (t) => {
  const { take, shows, shell, end } = await sit({ types: true })
  const { evaluator } = shell.session
  t.notOk(evaluator.stop(), 'nothing runs')
  const under = shows("await school.registerDog('Fido')")
  let isOver = false
  const over = under.then(() => {
    isOver = true
  })
  const isStopped = () =>
    evaluator.stop() || (!isOver && new Promise<boolean>((soon) => setImmediate(() => soon(isStopped()))))
  t.ok(await isStopped())
  await over
  t.match(await under, /^Stopped\./)
  t.equal(await shell.session.recorder.maxNotificationId(), 0)
  await take("const id = await school.registerDog('Rex')")
  t.match(await shows('await school.getDog(id)'), /Rex/)
  await end()
})

t.test('types that are turned on later know what ran before', async (t) => {
  const { shows, end } = await sit({ types: true })
  t.match(await shows('.types off', "const age = 3 as 3 | 'old'"), '')
  t.match(await shows('.types on', 'age.length'), /Property 'length' does not exist/)
  t.equal(await shows('.type age'), `3 | "old"`)
  await end()
})

t.test("school has the types of the learner's own, and of each edit", async (t) => {
  const { name, folder } = lessons().find(({ number }) => number === 5) as Lesson
  cpSync(join(folder, 'solution'), join(home, name), { recursive: true })
  const file = join(home, name, 'dog-school.ts')
  const school = readFileSync(file, 'utf8')
  const motto = (value: string) =>
    writeFileSync(file, school.replace(/\}\s*$/, `  motto() {\n    return ${value}\n  }\n}\n`))
  motto("'sit'")
  await recordProgress((progress) => progress.pass(5))
  const { shows, end } = await sit({ types: true })
  t.match(await shows('.type school.motto()'), /string$/)
  motto('42')
  t.match(await shows('school.motto().length'), /Property 'length' does not exist on type 'number'/)
  await end()
  rmSync(home, { recursive: true })
})

t.test('TAB makes a whole id of its beginning', async (t) => {
  const { take, shell, end } = await sit({ types: true })
  await take("await school.registerDog('Fido')", "await school.registerDog('Buster')")
  const { id } = await shell.session.one('fido')
  const short = id.slice(0, 4)
  const completer = new Completer(shell)
  t.strictSame(await completer.complete(`await school.addTrick('${short}`), [[id], short])
  t.strictSame(await completer.complete("await school.addTrick(idOf('bu"), [['buster'], 'bu'])
  t.strictSame(await completer.complete("await school.addTrick('zz"), [[], 'zz'])
  await end()
})

t.test('to complete what is typed runs nothing', async (t) => {
  const { take, shell, end } = await sit({ types: true })
  const { session } = shell
  await take("const id = await school.registerDog('Fido')", "const fido = new Dog('Rex')")
  const completer = new Completer(shell)
  const methods = ['school', 'fido', 'school.repository'].map(async (owner) =>
    (await completer.complete(`${owner}.`))[0].map((name) => `${owner}.${name}`),
  )
  const all = (await Promise.all(methods)).flat()
  t.ok(all.includes('school.registerDog') && all.includes('fido.addTrick') && all.length > 30)
  // A call that is waited for, and what comes of it, is the most that there is to run.
  for (const [at, method] of all.entries()) {
    await completer.complete(`await ${method}('sit').th`)
    if (isLong || at % 6 === 0) for (const typed of [method, `${method}('sit').`]) await completer.complete(typed)
  }
  t.equal(await session.recorder.maxNotificationId(), 1)
  t.match(await take('[fido.version, fido.pendingEvents.length]'), { value: [1, 1] })
  await end()
})
