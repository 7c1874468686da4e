/** What a notebook of Jupyter is given to draw. `kernel.test.ts` has it drawn by a kernel. */
import { Aggregate, Application, event } from 'dog-school'
import { Difference, type Display, drawInJupyter } from 'dog-school/jupyter'
import t from 'tap'

@event('Registered')
class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }
  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

const display = Symbol.for('Jupyter.display')
const methodOf = (value: object) => (value as { [display]?: () => Display })[display]
const drawn = (value: object): Display => methodOf(value)?.call(value) as Display
/** The texts in the cells, as a browser would show them. */
const cellsOf = (value: object): string[] =>
  [...drawn(value)['text/html'].matchAll(/<t[hd]>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
    cell.replace(/<\/?code>/g, '').replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)),
  )

const fido = new Dog('Fido')
fido.addTrick('sit')

t.test('nothing is drawn before it is asked for', async (t) => {
  for (const value of [fido, fido.pendingEvents, fido.pendingEvents[0]!]) t.equal(methodOf(value), undefined)
  drawInJupyter()
  drawInJupyter()
  for (const value of [fido, fido.pendingEvents, fido.pendingEvents[0]!]) t.type(methodOf(value), 'function')
})

t.test('an aggregate is its fields', async (t) => {
  t.strictSame(cellsOf(fido), ['field', 'value', 'name', "'Fido'", 'tricks', "[ 'sit' ]"])
  t.match(drawn(fido), { 'text/html': `<caption>Dog ${fido.id}, version 2</caption>`, 'text/plain': /^Dog \{/ })
  t.strictSame(Object.keys(fido), ['name', 'tricks'], 'the method is no field')
})

t.test('events are rows, and the log has positions and metadata', async (t) => {
  const [first, second] = fido.pendingEvents
  const row = [fido.id, '2', "{ trick: 'sit' }", second!.timestamp]
  t.strictSame(cellsOf(second!), ['event', 'aggregate', 'version', 'payload', 'time', 'TrickAdded', ...row])
  t.strictSame(cellsOf([first, second]).slice(5, 6), ['Registered'])
  t.match(drawn(second!)['text/plain'], /^DomainEvent \{/)
  const school = new Application()
  await school.save(fido, { metadata: { user: 'ann' } })
  const log = await school.notificationLog.select()
  t.strictSame(cellsOf(log), [
    ...['position', 'event', 'aggregate', 'version', 'payload', 'time', 'metadata'],
    ...['1', 'Registered', fido.id, '1', "{ name: 'Fido' }", log[0]?.timestamp, "{ user: 'ann' }"],
    ...['2', 'TrickAdded', ...row, "{ user: 'ann' }"],
  ])
  t.strictSame(cellsOf(log.filter(({ name }) => name === 'TrickAdded'))[7], '2', 'what is sorted out of it is a log')
  t.match(drawn(log)['text/plain'], /^\[\n {2}\{\n {4}id: 1,/)
})

t.test('of a long log, the beginning and the end are drawn', async (t) => {
  const rex = new Dog('Rex')
  for (let trick = 2; trick <= 250; trick++) rex.addTrick(`${trick}`)
  const cells = cellsOf(rex.pendingEvents)
  const versions = cells.filter((cell) => /^\d{1,3}$/.test(cell)).map(Number)
  t.strictSame([versions.length, versions[99], versions[100], versions.at(-1)], [200, 100, 151, 250])
  t.ok(cells.includes('… 50 more'))
  t.equal(cellsOf(rex.pendingEvents.slice(0, 200)).filter((cell) => /more/.test(cell)).length, 0)
})

t.test('a difference is what has changed', async (t) => {
  const before = new Dog('Fido')
  const after = Dog.replay(before.pendingEvents)
  t.strictSame(drawn(new Difference(before, after)), {
    'text/plain': 'No field is different.',
    'text/html': '<p>No field is different.</p>',
  })
  after.addTrick('<script>')
  t.strictSame(cellsOf(new Difference(before, after)), ['field', 'before', 'after', 'tricks', '[]', "[ '<script>' ]"])
  t.equal(drawn(new Difference(before, after))['text/plain'], "tricks: [] → [ '<script>' ]")
  t.strictSame(new Difference(undefined, before).changes, [
    { field: 'name', before: undefined, after: 'Fido' },
    { field: 'tricks', before: undefined, after: [] },
  ])
})

t.test('whatever is in a value is text', async (t) => {
  const evil = new Dog(`</code></td><img src=x onerror="alert('1')">&amp;`)
  for (const value of [evil, evil.pendingEvents, new Difference(undefined, evil)]) {
    const html = drawn(value)['text/html'].replace(/<\/?(table|caption|thead|tbody|tr|th|td|code)>/g, '')
    t.notMatch(html, /[<>"']/)
    t.notMatch(html, /&(?!#\d+;)/)
  }
})

t.test('other lists have no such method, and may get one', async (t) => {
  for (const list of [[], [1], [fido], [{ name: 'x' }], [null], [...fido.collectEvents(), 1]])
    t.equal(methodOf(list), undefined)
  const own = () => ({ 'text/plain': 'mine' })
  const list = Object.assign([1], { [display]: own })
  t.equal(methodOf(list), own)
  t.equal(methodOf([1]), undefined)
  const keys: string[] = []
  for (const key in [1]) keys.push(key)
  t.strictSame([keys, Object.getOwnPropertySymbols([])], [['0'], []], 'nobody sees it')
})
