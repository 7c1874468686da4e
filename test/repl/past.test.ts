/** The commands that show what happened, as data and as text. They record nothing. */

import { join } from 'node:path'
import t from 'tap'
import { render } from '../../src/repl/render/render'
import { plain, sit } from './sitting'

t.test('what happened', async (t) => {
  const sitting = await sit()
  const { shows, take, shell } = sitting
  t.equal(await shows('.dogs'), "Nobody is here yet. Try: await school.registerDog('Fido')")
  t.match(await shows('.events'), /Nothing has happened yet/)
  t.match(await shows('.events types'), /Nothing has happened yet/)
  t.match(await shows('.timeline'), /Nothing has happened yet/)
  t.equal(await shows("const fido = await school.registerDog('Fido')"), '+1 Registered · fido v1')
  await take("await school.addTrick(fido, 'roll over')", "const buster = await school.registerDog('Buster')")
  t.equal(await shows("await school.addTrick(fido, 'play dead')"), '+1 TrickAdded · fido v3')

  const before = await shell.session.recorder.maxNotificationId()
  await t.test('.dogs', async (t) => {
    const answer = await take('.dogs')
    t.match(answer, {
      kind: 'table',
      rows: [
        { id: /^[0-9a-f]{4}$/, name: 'Fido', tricks: ['roll over', 'play dead'], version: 3 },
        { name: 'Buster', tricks: [], version: 1 },
      ],
    })
  })
  await t.test('.events, of all and of one', async (t) => {
    t.match(await take('.events'), {
      rows: [
        { '#': 1, who: 'fido', event: 'Registered', name: 'Fido' },
        { trick: 'roll over' },
        { who: 'buster' },
        { '#': 4, version: 3 },
      ],
    })
    t.match(await take('.events BUSTER'), { rows: [{ '#': 3, who: 'buster' }] })
  })
  await t.test('.events types', async (t) => {
    t.match(await take('.events types'), {
      kind: 'table',
      rows: [
        { event: 'dogschool:Dog.Registered', version: 1, now: 1, is: 'current', events: 2, first: /^#1 \d{4}-/ },
        { event: 'dogschool:Dog.TrickAdded', events: 2, last: /^#4 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/ },
      ],
    })
  })
  await t.test('.at, and what is no version', async (t) => {
    t.match(
      await shows('.at fido 2'),
      /^fido at version 2 of 3, after TrickAdded:\n\{ name: 'Fido', tricks: \[ 'roll over' \] \}$/,
    )
    for (const wrong of ['.at fido 0', '.at fido 4', '.at fido x', '.at fido 1.5'])
      t.match(await shows(wrong), /There is no version '.*': there are 1 to 3\./)
    t.match(await shows('.at fido'), /Which version\? There are 1 to 3\./)
    t.match(await shows('.at buster 2'), /the only one is 1/)
  })
  await t.test('.diff', async (t) => {
    t.match(await take('.diff fido 1 3'), {
      replies: [{}, { rows: [{ field: 'tricks', before: [], after: ['roll over', 'play dead'] }] }],
    })
    t.match(await shows('.diff fido 3 3'), /No field is different/)
    t.match(await take('.diff fido 2'), { replies: [{}, { rows: [{ after: ['roll over', 'play dead'] }] }] })
  })
  await t.test('.step goes on where it was', async (t) => {
    t.match(await shows('.step'), /Who is to be replayed\?/)
    t.match(
      await shows('.step fido'),
      /fido v1 of 3: apply Registered\n\{ name: 'Fido' \}\n.*\.step applies version 2\.$/s,
    )
    t.match(await shows('.step'), /v2 of 3: apply TrickAdded/)
    t.match(await shows('.step'), /'roll over', 'play dead'.*That was the last one/s)
    t.match(await shows('.step'), /That was the last event/)
    t.match(await shows('.step fido 2'), /v2 of 3/)
  })
  await t.test('.why names the event and the line', async (t) => {
    t.match(
      await shows('.why fido tricks'),
      /because of TrickAdded, version 3:\n\{ trick: 'play dead' \}\nIt came from the line: await school.addTrick\(fido, 'play dead'\)/,
    )
    t.match(await shows('.why fido name'), /because of Registered, version 1/)
    t.match(await shows('.why fido'), /There is: name, tricks/)
    t.match(await shows('.why fido colour'), /There is no field 'colour'/)
  })
  await t.test('.timeline: drawn, in ASCII, in words, of one, and narrow', async (t) => {
    t.match(
      await shows('.timeline'),
      /^fido +●─○───○ +v3\nbuster +● +v1\n● created {2}○ later: Registered, TrickAdded$/,
    )
    t.match(await shows('.timeline ascii'), /^fido +@-o---o +v3\nbuster +@ +v1/)
    t.match(await shows('.timeline words'), /^1\. fido, version 1: Registered, name 'Fido'\.\n2\. /)
    t.match(await shows('.timeline fido'), /^fido\nv1 ● Registered {2}name 'Fido'\nv2 ○ TrickAdded/)
    const narrow = render(await take('.timeline'), { ...plain, width: 20, unicode: false })
    t.ok(
      narrow.split('\n').every((line) => line.length <= 24),
      narrow,
    )
  })
  await t.test('who is meant: a name, an id, the beginning of one; and who is not', async (t) => {
    const { id } = await shell.session.one('Fido')
    t.equal((await shell.session.one(id)).id, id)
    t.equal((await shell.session.one(id.slice(0, 6))).id, id)
    t.match(
      await shows('.events rex'),
      /Nobody here is called 'rex'\. There is: Fido \([0-9a-f]{4}\), Buster \([0-9a-f]{4}\)\./,
    )
    await take("await school.registerDog('Fido')")
    t.match(await shows('.at fido 1'), /'fido' could be any of these/)
    await take('.undo')
  })
  t.ok((await shell.session.recorder.maxNotificationId()) >= before)
  await sitting.end()
})

t.test('a long history: ids are told apart, and what does not fit is told', async (t) => {
  const sitting = await sit()
  await sitting.take("for (let i = 0; i < 50; i++) await school.registerDog('dog' + i)")
  t.match(await sitting.shows('.timeline'), /earlier events are not shown/)
  t.match(await sitting.shows('.at nobody 1'), /and 42 more/)
  t.match(
    await sitting.shows("for (let i = 0; i < 5; i++) await school.registerDog('cat' + i)"),
    /^\+5 events · 5 Registered · 5 aggregates$/,
  )
  await sitting.end()
})

t.test('ids as they are shown', async (t) => {
  const file = join(t.testdir(), 'dogs.db')
  const yesterday = await sit({ db: file })
  await yesterday.take(
    "const fido = await school.registerDog('Fido')",
    "await school.addTrick(fido, 'roll over')",
    "await school.registerDog('Buster')",
  )
  await yesterday.end()
  const { shows, take, shell, end } = await sit({ db: file })
  const { id } = await shell.session.one('fido')
  const short = id.slice(0, 4)

  await t.test('.dogs shows their beginning, which is enough', async (t) => {
    t.match(await shows('.dogs'), `\n${short}  Fido `)
  })
  await t.test('the beginning of an id, and a name, are answered with the line that works', async (t) => {
    const fixed = `await school.addTrick(idOf('${short}'), "sit")`
    t.match(
      await shows(`await school.addTrick('${short}', "sit")`),
      `'${short}' is only the beginning of an id. Type: ${fixed}`.replace(/(.{70,80}) /, '$1\n'),
    )
    t.equal(await shows(fixed), '+1 TrickAdded · fido v3')
    t.match(
      await shows("await school.getDog('Fido')"),
      /'Fido' is a name, not an id\.\s+Type:\s+await\s+school\.getDog\(idOf\('Fido'\)\)/,
    )
    const twice = "await school.registerDog('Max')\nawait school.addTrick('Max', 'Fido')"
    t.match(
      await shows(twice),
      /'Max' is a name, not an id\.\s+Type:\s+await\s+school\.addTrick\(idOf\('Max'\),\s+'Fido'\)\s/,
    )
    t.match(await shows("await school.getDog('nobody') // 'Fido'"), /No Dog has the id nobody.*\.error shows/s)
    t.match(await shows("await school.getDog('nobody')"), /No Dog has the id nobody.*\.error shows/s)
  })
  await t.test('idOf takes what the commands take', async (t) => {
    for (const who of ['fido', 'FIDO', short, id]) t.equal(await shows(`idOf('${who}')`), `'${id}'`)
    t.match(await shows("idOf('rex')"), /^Nobody here is called 'rex'/)
    await take("await school.registerDog('Fido')")
    t.match(
      await shows("await school.getDog('fido')"),
      /could be any of 2\.\s+Type\s+one\s+of\s+their\s+ids.*idOf\('[0-9a-f]{4}'\)/s,
    )
  })
  await end()
})

t.test('.diff: a function that each object makes anew is no change', async (t) => {
  const { shows, end } = await sit()
  t.teardown(end)
  await shows(
    '@event("Born") class Cat extends Aggregate { lives = 9; purr = () => "rr"; constructor(readonly name: string) { super() } @event("Fell") fall() { this.lives-- } }',
  )
  await shows('const tom = new Cat("Tom"); tom.fall(); await school.save(tom)')
  t.match(await shows('.diff tom 1 2'), /:\nfield {2}before {2}after\nlives +9 +8$/)
})

t.test('a dog is found under the name that it has now, and under former ones', async (t) => {
  const { shows, take, shell, end } = await sit()
  await take(
    `@event('Registered')
class Dog extends Aggregate {
  static override readonly topic = 'dogschool:Dog'
  readonly tricks: string[] = []
  constructor(public name: string) { super() }
  @event('TrickAdded') addTrick(trick: string) { this.tricks.push(trick) }
  @event('Renamed') rename(to: string) { this.name = to.toUpperCase() }
}`,
    "const rex = new Dog('Rex')",
    "const other = new Dog('Fido')",
    'await school.save(rex, other)',
  )
  t.equal(await shows("rex.rename('Rexi'); await school.save(rex); undefined"), '+1 Renamed · rexi v2')
  t.equal((await shell.session.one('rexi')).id, (await shell.session.one('rex')).id)
  await take("other.rename('Rex'); await school.save(other)")
  t.match(await shell.session.one('rex'), { name: 'REX', formerNames: ['Fido'] }, 'a present name comes first')
  t.match(await shell.session.one('fido'), { name: 'REX' })
  await take("rex.rename('Max'); await school.save(rex)", "rex.addTrick('sit'); await school.save(rex)")
  t.match(await shell.session.one('rexi'), { name: 'MAX', formerNames: ['Rex', 'REXI'], version: 4 })
  t.match(await shows('.timeline max'), /^max\nv1 .*\nv2 .*Renamed.*\nv4 ○ TrickAdded/s)
  t.match(await take('.events max'), { rows: [{ '#': 1 }, { '#': 3 }, { '#': 5 }, { '#': 6 }] })
  await end()
})
