/** Notebooks of Jupyter in Deno's kernel: they run from the top, and show what is written in them. */
import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ipynbLessons } from '../../src/cli/ipynb-lessons'
import { cellsOfIpynb, type IpynbCell } from '../../src/course/ipynb'
import { packed, root } from '../package/packed'
import { sit } from '../repl/sitting'
import { type Ran, startedKernel, unlessDeno } from './kernel'

/** What the first cell asks for: a clone, with what `npm ci` and `npm run build` bring. */
function clone(t: Test): string {
  const folder = t.testdir({ notebooks: {} })
  execFileSync('tar', ['xzf', packed(), '-C', folder, '--strip-components=1', '--exclude=*.map'])
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  cpSync(join(root, 'lessons'), join(folder, 'lessons'), { recursive: true })
  return folder
}

/** Runs a notebook, and tells which cells did not do what is written. */
async function faultsOf(t: Test, folder: string, cells: readonly IpynbCell[]): Promise<string[]> {
  const kernel = await startedKernel(t, folder)
  const code = cells.filter(({ kind }) => kind === 'code')
  const ran = await kernel.run(code.map(({ text }) => text))
  return code.flatMap(({ text, shown }, at) => {
    const { status, data, said } = ran[at]!
    const is = data?.['text/plain']
    if (is?.startsWith('DomainEvent') && !data?.['text/html']) return [`${text}\nis an event, and not drawn`]
    if (status !== 'ok') return [`${text}\nends with: ${said}`]
    // A class is a value there.
    if (shown === undefined) return is === undefined || is.startsWith('[Function') ? [] : [`${text}\nshows: ${is}`]
    return is !== undefined && alike(shown) === alike(is) ? [] : [`${text}\nshows: ${is}\nnot: ${shown}`]
  })
}

/** Deno quotes texts in its own way, and ids and times are new in each run. */
const alike = (shown: string): string =>
  shown
    .replaceAll('"', "'")
    .replace(/[0-9a-f]{32}/g, '0a1b…')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+\+00:00/g, '2026-11-23T…')
    .replace(/\s+/g, ' ')

t.test('in the kernel of Deno', unlessDeno(), async (t) => {
  const folder = clone(t)
  const notebooks = join(folder, 'notebooks')
  process.env.DOG_SCHOOL_LESSONS = join(folder, 'lessons')
  const lessons = await ipynbLessons(notebooks)
  t.equal(lessons.size, 7)
  for (const [name, text] of lessons)
    t.test(name, async (t) => t.strictSame(await faultsOf(t, notebooks, cellsOfIpynb(text)), []))

  t.test('a session, with a school in two files, ids by name, and a class that later cells use', async (t) => {
    const { shows, take, end } = await sit()
    t.teardown(end)
    await take(
      "const fido = await school.registerDog('Fido')",
      "await school.addTrick(idOf('fido'), 'roll over')",
      "await school.getDog(idOf('Fido'))",
      "@event('Registered')\nexport class Cat extends Aggregate { constructor(readonly name: string) { super() } }",
      "@event('Registered') class Rat extends Aggregate { constructor(readonly name: string) { super() } }",
      "new Cat('Tom').version",
      "new Rat('Tim').pendingEvents.map((event) => event.payload)",
      "import { inspect } from 'node:util'",
      "inspect({ ids: 'own' })",
      'const ids = z.array(z.string()).parse([])',
      "{ name: 'Fido' }",
      "idOf('fido') === fido",
    )
    const file = join(notebooks, 'session.ipynb')
    t.match(await shows(`.export ipynb ${file}`), /^12 lines written/)
    const cells = cellsOfIpynb(readFileSync(file, 'utf8'))
    t.strictSame(await faultsOf(t, notebooks, cells), [])
    const wrong = cells.map((cell) => ({ ...cell, text: cell.text.replace("'roll over'", "'sit'") }))
    t.match(await faultsOf(t, notebooks, wrong), [/getDog.*shows: .*sit.*not: .*roll over/s], 'and this test can fail')
  })

  t.test('a dog, his events, a log and a difference are drawn', async (t) => {
    const kernel = await startedKernel(t, notebooks)
    const dogs = '../lessons/5-implementing-application-methods/solution/dog-school.ts'
    const [start, log, events, event, dog, none, list, difference, taught] = await kernel.run([
      `import { Dog, DogSchool } from '${dogs}'
      import { Difference, drawInJupyter } from 'dog-school/jupyter'
      drawInJupyter()
      const school = new DogSchool()
      const id = await school.registerDog('<i>Fido</i>')
      await school.addTrick(id, 'sit')
      const fido = await school.repository.get(Dog, id)`,
      'await school.notificationLog.select()',
      "const rex = new Dog('Rex'); rex.addTrick('beg'); rex.pendingEvents",
      'rex.pendingEvents[1]',
      'fido',
      '[]',
      '[fido.name, 2]',
      'new Difference(await school.repository.get(Dog, id, { version: 1 }), fido)',
      "const before = await school.repository.get(Dog, id); fido.addTrick('<u>'); new Difference(before, fido)",
    ])
    t.match(start, { status: 'ok', data: undefined })
    const html = (ran: Ran | undefined) => ran?.data?.['text/html'] ?? ''
    t.match(
      html(log),
      /<th>position<.*<td>1<\/td><td>Registered<.*&#60;i&#62;Fido.*<td>2<\/td><td>TrickAdded<.*&#39;sit/,
    )
    t.notMatch(html(log), '<i>')
    t.match(log?.data?.['text/plain'], /^\[\n {2}\{\n {4}id: 1,/)
    t.match(html(events), /<td>Registered<.*<td>TrickAdded</)
    t.match(html(event), /<td>TrickAdded<.*beg/)
    t.match(html(dog), /<caption>Dog [0-9a-f]{32}, version 2<.*<td>tricks<.*sit/)
    for (const other of [none, list]) t.strictSame(Object.keys(other?.data ?? {}), ['text/plain'])
    t.match(difference?.data, { 'text/plain': "tricks: [] → [ 'sit' ]", 'text/html': /<th>before<.*<td>tricks</ })
    t.match(html(taught), '&#60;u&#62;')
  })
})
