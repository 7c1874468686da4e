/** Tests that read like the domain: of applications, policies, slices and projections. */
import assert from 'node:assert/strict'
import { type NotificationLog, Projection } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import { given } from 'dog-school/testing'
import t from 'tap'
import { Dog, DogSchool, failureOf, Named, name, Praised, Praises, Registered, TrickAdded, tricksOf } from './dogs'

const fido = [Registered.of({ name: 'Fido' }, 'fido'), TrickAdded.of({ trick: 'sit' }, 'fido')] as const
const rex = Registered.of({ name: 'Rex' }, 'rex')

t.test('of an application: the log is given, and what a command adds to it', async (t) => {
  await given(new DogSchool(), ...fido)
    .when((school) => school.addTrick('fido', 'beg'))
    .then(TrickAdded.of({ trick: 'beg' }, 'fido'))
  await given(new DogSchool())
    .when((school) => school.registerDog('Fido'))
    .then(Registered.of({ name: 'Fido' }))
  await given(new DogSchool(), ...fido, rex)
    .when((school) => school.teach(['rex', 'fido'], 'beg'))
    .then(TrickAdded.of({ trick: 'beg' }, 'rex'), TrickAdded.of({ trick: 'beg' }, 'fido'))
  await given(new DogSchool(), rex, ...fido)
    .when((school) => school.teach(['rex', 'fido'], 'sit'))
    .thenThrows('Fido can sit already')
  await given(new DogSchool(), ...fido)
    .when(() => undefined)
    .thenNothing()
  await given(new DogSchool(), ...fido)
    .when((school) => school.addTrick('rex', 'sit'))
    .thenThrows('AGGREGATE_NOT_FOUND')
  const school = new DogSchool(sqlite(':memory:'))
  t.teardown(() => school.close())
  await school.save(new Dog('Rex'))
  await given(school, ...new Dog('Fido').pendingEvents, rex)
    .when(() => school.addTrick('rex', 'sit'))
    .then({ name: 'TrickAdded', payload: { trick: 'sit' }, aggregateId: 'rex', version: 2 })
})

t.test('of an application, when it fails', async (t) => {
  const addTrick = (id: string, trick: string) =>
    given(new DogSchool(), ...fido, rex).when((school) => school.addTrick(id, trick))
  const whose = await failureOf(addTrick('rex', 'beg').then(TrickAdded.of({ trick: 'beg' }, 'fido')))
  t.equal(
    whose.message,
    `TrickAdded happened to another aggregate

  given     Registered { name: 'Fido' } of 'fido'
            TrickAdded { trick: 'sit' } of 'fido'
            Registered { name: 'Rex' } of 'rex'
  when      (school) => school.addTrick(id, trick)
  expected  TrickAdded { trick: 'beg' } of 'fido'
  got       TrickAdded { trick: 'beg' } of 'rex'
                                            ^
`,
  )
  const more = await failureOf(addTrick('rex', 'beg').thenNothing())
  t.match(more.message, /^TrickAdded should not have happened\n/)
  t.equal((more as { actual?: unknown }).actual, "TrickAdded { trick: 'beg' }", 'whose it is, only if the test says it')
  const half = given(new DogSchool(), ...fido, rex).when(async (school) => {
    await school.addTrick('rex', 'sit')
    await school.addTrick('fido', 'sit')
  })
  t.match((await failureOf(half.thenThrows(RangeError))).message, /^it was refused, but TrickAdded should not/)
  const refused = await failureOf(addTrick('fido', 'sit').then(TrickAdded.of({ trick: 'sit' })))
  t.match(refused.message, /^it was refused: Fido can sit already\n/)
  await assert.rejects(
    given(new DogSchool(), { name: 'Registered', payload: {} })
      .when(() => 1)
      .thenNothing(),
    {
      name: 'TypeError',
      message: /events with a type, Registered\.of/,
    },
  )
})

t.test('of a policy: what happens elsewhere, and what follows', async (t) => {
  await given(new Praises())
    .when(...fido, TrickAdded.of({ trick: 'bark' }, 'fido'))
    .then(Praised.of({ dog: 'fido', trick: 'sit' }))
  await given(new Praises()).when(rex).thenNothing()
  await given(new Praises())
    .when(TrickAdded.of({ trick: '' }))
    .thenThrows(RangeError)
  const praised = { name: 'Praised', payload: { dog: 'fido', trick: 'sit' } }
  await given(new Praises())
    .when(...fido)
    .then({ ...praised, metadata: { causation: 'upstream:2', correlation: 'upstream:2' } })
  const praises = new Praises()
  for (const trick of ['sit', 'beg'])
    await given(praises, Praised.of({ dog: 'rex', trick }))
      .when(TrickAdded.of({ trick }, 'fido'))
      .then(Praised.of({ dog: 'fido', trick }))
  await given(praises)
    .when(...fido)
    .then({ ...praised, metadata: { causation: 'upstream-3:2', correlation: 'upstream-3:2' } })
  await given(new Praises())
    .when((policy) => policy.catchUpWith(new DogSchool()))
    .thenNothing()
  const error = await failureOf(
    given(new Praises())
      .when(TrickAdded.of({ trick: 'sit' }, 'fido'))
      .then(Praised.of({ dog: 'rex', trick: 'sit' })),
  )
  t.match(error.message, "when      TrickAdded { trick: 'sit' } of 'fido'\n  expected  Praised { dog: 'rex'")
  t.throws(() => given(new Praises()).when(7 as never), { name: 'TypeError', message: /when\(\) takes events/ })
  t.throws(() => given(new DogSchool()).when(rex as never), { name: 'TypeError', message: /takes a function/ })
})

t.test('of a slice: its parameters, and what it decides', async (t) => {
  await given(name)
    .when({ name: 'Fido' })
    .then(Named.of({ name: 'Fido' }))
  await given(name, Named.of({ name: 'Fido' }))
    .when({ name: 'Fido' })
    .thenThrows('There is a Fido already')
  const error = await failureOf(
    given(name, Named.of({ name: 'Rex' }))
      .when({ name: 'Fido' })
      .thenNothing(),
  )
  t.match(
    error.message,
    "given     Named { name: 'Rex' }\n  when      { name: 'Fido' }\n  expected  (nothing)\n  got       Named {",
  )
  await assert.rejects(given(name, { name: 'Named', payload: {} }).when({ name: 'Fido' }).thenNothing(), {
    name: 'TypeError',
    message: /events with a type: Named\.of/,
  })
})

const tricks = (log: NotificationLog) => new Projection<Map<string, number>>(log, () => new Map(), tricksOf)

t.test('of a projection: the events, and the view', async (t) => {
  await given(tricks).then(new Map())
  await given(tricks, ...fido, rex, TrickAdded.of({ trick: 'sit' }, 'rex')).then(new Map([['sit', 2]]))
  await given(tricks, ...fido)
    .when(TrickAdded.of({ trick: 'beg' }))
    .then(
      new Map([
        ['sit', 1],
        ['beg', 1],
      ]),
    )
  const error = await failureOf(
    given(tricks, ...fido)
      .when(TrickAdded.of({ trick: 'beg' }, 'fido'))
      .then(new Map([['sit', 1]])),
  )
  t.equal(
    error.message,
    `the view differs

  given     Registered { name: 'Fido' } of 'fido'
            TrickAdded { trick: 'sit' } of 'fido'
  when      TrickAdded { trick: 'beg' } of 'fido'
  expected  new Map([['sit', 1]])
  got       new Map([['sit', 1], ['beg', 1]])
                               ^
`,
  )
  const shared = { a: 1 }
  const twice = (log: NotificationLog) => new Projection(log, () => Object.freeze({ one: shared, two: shared }), [])
  await given(twice).then({ one: { a: 1 }, two: { a: 1 } })
  await assert.rejects(async () => given(tricks, ...fido) as unknown, /This checks nothing/)
  await assert.rejects(given((() => undefined) as never).then(0 as never), /returns the projection/)
})

t.test('followers see events of one log, in order', async (t) => {
  const seen: unknown[] = []
  const all = (log: NotificationLog) => {
    const note = (
      _: object,
      { id, version, aggregateId, metadata }: { id: number; version: number; aggregateId: string; metadata?: unknown },
    ) => void seen.push([id, version, aggregateId, metadata])
    return new Projection(log, () => ({}), { Registered: note, TrickAdded: note })
  }
  const { name, payload } = rex
  await given(all, ...fido, rex, { name, payload, metadata: { user: 'ann' } }).then({})
  const registered = (log: NotificationLog) => ({
    catchUp: async () => (await log.select({ start: 2, topics: ['Registered'] })).length,
  })
  await given(registered, ...fido, rex).then(1)
  t.strictSame(seen, [
    [1, 1, 'fido', undefined],
    [2, 2, 'fido', undefined],
    [3, 1, 'rex', undefined],
    [4, 1, 'unnamed', { user: 'ann' }],
  ])
})
