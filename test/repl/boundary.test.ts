/** `.boundary`: what a line reads to decide, and who could be in its way. */
import t from 'tap'
import { sit } from './sitting'

t.test('.boundary', async (t) => {
  const sitting = await sit()
  const { shows, take, shell } = sitting
  const { session } = shell
  await take(
    "const fido = await school.registerDog('Fido')",
    "await school.addTrick(fido, 'roll over')",
    "await school.registerDog('Buster')",
  )
  const truth = session.recorder
  const count = () => truth.maxNotificationId()

  await t.test('an aggregate is a boundary: its whole history, and its next version', async (t) => {
    t.match(
      await shows(".boundary await school.addTrick(idOf('fido'), 'sit')"),
      /1 {2}\* {5}fido .*\n2 {2}\* {5}fido .*\n3 {8}buster .*\nIt reads the history of fido, which has 2 events\.\nIt would record TrickAdded \(version 3 of fido\)\.\nAnother writer is in its way only with:\n {2}version 3 of fido {6}whatever it is\n/,
    )
    t.match(
      await shows(".boundary await school.addTrick(fido, 'a'); await school.addTrick(idOf('buster'), 'b')"),
      /history of fido.*history of buster.*version 3 of fido.*version 2 of buster/s,
      'both of two',
    )
    t.equal(await count(), 3)
    t.equal(session.recorder, truth)
  })
  await t.test('what begins something new reads nothing, and nobody is in its way', async (t) => {
    t.match(
      await shows(".boundary await school.registerDog('Rex')"),
      /It reads nothing\.\nIt would record Registered \(version 1 of rex\)\.\nNobody can be in its way\./,
    )
  })
  await t.test('what only reads records nothing', async (t) => {
    t.match(await shows('.boundary await school.getDog(fido)'), /has 2 events\.\nIt records nothing\.\nThat was/)
    t.match(
      await shows('.boundary await school.notificationLog.select()'),
      /It looks at 3 events of the log\. Nothing protects what it sees there/,
    )
  })
  await t.test('a slice has the events that its query selects', async (t) => {
    await take(
      "const Claimed = defineEvent('NameClaimed', ['name'], { tags: ({ name }) => ['name:' + name] })",
      "const claim = defineSlice({ boundary: ({ name }: { name: string }) => ({ taken: boundary(false, 'name:' + name).on(Claimed, () => true) }), decide: ({ taken }, { name }) => { if (taken) throw new Error(name + ' is taken'); return Claimed.of({ name }) } })",
    )
    t.match(await shows("await claim.run(school, { name: 'Rex' })"), /\+1 NameClaimed · dogschool v1$/)
    t.match(
      await shows(".boundary await claim.run(school, { name: 'Max' })"),
      /\n4 {8}dogschool .*\nIt reads what its query selects: 0 events\.\nIt would record NameClaimed\.\nAnother writer is in its way only with:\n {2}NameClaimed {12}tagged name:Max, at any time\n/,
    )
    t.match(
      await shows(".boundary await claim.run(school, { name: 'Rex' })"),
      /\n4 {2}\* {5}dogschool .*\nIt reads what its query selects: 1 event\.\nIt records nothing\.\nError: Rex is taken\n/,
      'one that is refused, too',
    )
    await take(
      "const tricks = boundary(0).on(defineEvent('TrickAdded', ['trick'], { topic: 'Dog' }), (n) => n + 1)",
      "const cheer = defineSlice({ boundary: () => ({ tricks }), decide: () => defineEvent('Cheered').of({}) })",
    )
    t.match(
      await shows('.boundary await cheer.run(school)'),
      /\n2 {2}\* {5}fido .*\nIt reads what its query selects: 1 event\..*TrickAdded {13}after #2\n/s,
    )
    t.match(await shows('.dogs'), /Fido.*\n.*Buster.*$/, 'an event of no class is no dog')
    t.match(await shows('.timeline'), /\ndogschool .*●/)
    t.equal(await count(), 4)
  })
  await t.test('a misspelt id, code that is none, and nothing', async (t) => {
    t.match(
      await shows(".boundary await school.addTrick('fido', 'sit')"),
      /It looks for fido, which is no id.*idOf\('fido'\)/s,
    )
    t.match(await shows('.boundary 1 +'), /^1 \+\n.*Expression expected/s)
    t.match(await shows(".boundary throw new Error('no')"), /^Error: no/)
    t.match(await shows('.boundary'), /^The boundary of what\?\nTry: \.boundary await/)
    t.equal(session.recorder, truth)
  })
  await t.test('of a long log, the newest events', async (t) => {
    await take("for (let i = 0; i < 30; i++) await school.addTrick(fido, 'trick ' + i)")
    const shown = await shows(".boundary await school.addTrick(fido, 'sit')")
    t.match(shown, /\n14 earlier events are not shown\.\nIt reads the history of fido, which has 32 events\./)
  })
  await sitting.end()
})
