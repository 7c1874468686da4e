/** Tests that read like the domain, of one aggregate; and what they say when they fail. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { Aggregate, event } from 'dog-school'
import { given } from 'dog-school/testing'
import t from 'tap'
import { Dog, failureOf, Registered, Retired, TrickAdded } from './dogs'

const fido = [Registered.of({ name: 'Fido' }), TrickAdded.of({ trick: 'sit' })] as const

t.test('a command records events, or none, or is refused', async () => {
  await given(Dog, ...fido)
    .when((dog) => dog.addTrick('beg'))
    .then(TrickAdded.of({ trick: 'beg' }))
  await given(Dog, ...fido)
    .when((dog) => dog.teach('beg', 'roll over'))
    .then(TrickAdded.of({ trick: 'beg' }), TrickAdded.of({ trick: 'roll over' }))
  await given(Dog, ...fido)
    .when(async (dog) => dog.addTrick('beg'))
    .then(TrickAdded.of({ trick: 'beg' }))
  await given(Dog, ...fido)
    .when((dog) => dog.teach())
    .thenNothing()
  await given(Dog, ...fido)
    .when((dog) => dog.addTrick('sit'))
    .thenThrows(/can sit already/)
  await given(Dog, ...fido)
    .when((dog) => dog.addTrick('sit'))
    .thenThrows('Fido can sit already')
  await given(Dog, ...fido)
    .when((dog) => dog.addTrick('sit'))
    .thenThrows(RangeError)
  await given(Dog, ...fido)
    .when((dog) => dog.addTrick(7 as never))
    .thenThrows('INVALID_PAYLOAD')
  await given(Dog, ...fido)
    .when((dog) => dog.teach('beg', 'sit', 'roll over'))
    .thenThrows(RangeError, TrickAdded.of({ trick: 'beg' }))
})

t.test('a command makes new aggregates, one or several', async () => {
  await given(Dog)
    .when(() => new Dog('Fido'))
    .then(Registered.of({ name: 'Fido' }))
  await given(Dog)
    .when(() => ['Fido', 'Rex'].map((name) => new Dog(name)))
    .then(Registered.of({ name: 'Fido' }), Registered.of({ name: 'Rex' }))
  await given(Dog, ...fido)
    .when((dog) => dog.puppy('Rex'))
    .then(Registered.of({ name: 'Rex' }))
  await given(Dog)
    .when(() => new Dog(7 as never))
    .thenThrows('INVALID_PAYLOAD')
})

t.test('an aggregate has the id, the versions and the times that are said, or some', async (t) => {
  const recorded = new Dog('Fido').collectEvents()
  await given(Dog, ...recorded)
    .when((dog) => {
      t.equal(dog.id, recorded[0]?.aggregateId)
      t.equal(dog.createdOn, recorded[0]?.timestamp)
      dog.retire()
    })
    .then(Retired.of({}, recorded[0]?.aggregateId))
  await given(Dog, Registered.of({ name: 'Fido' }, 'fido'), TrickAdded.of({ trick: 'sit' }))
    .when((dog) => {
      t.strictSame([dog.id, dog.version, dog.pendingEvents.length], ['fido', 2, 0])
      dog.retire()
    })
    .then({ name: 'Retired', payload: {}, aggregateId: 'fido', version: 3 })
})

/** What each check says: the headline, and what follows from there. */
const failing: readonly (readonly [what: string, check: () => Promise<void>, expected: string, actual: string])[] = [
  [
    'TrickAdded has another payload',
    () =>
      given(Dog, ...fido)
        .when((dog) => dog.addTrick('begg'))
        .then(TrickAdded.of({ trick: 'beg' })),
    "TrickAdded { trick: 'beg' }",
    "TrickAdded { trick: 'begg' }",
  ],
  [
    'Retired happened instead of TrickAdded',
    () =>
      given(Dog, ...fido)
        .when((dog) => dog.retire())
        .then(TrickAdded.of({ trick: 'beg' })),
    "TrickAdded { trick: 'beg' }",
    'Retired {}',
  ],
  [
    'TrickAdded is missing',
    () =>
      given(Dog, ...fido)
        .when((dog) => dog.retire())
        .then(TrickAdded.of({ trick: 'beg' }), Retired.of({})),
    "TrickAdded { trick: 'beg' }\nRetired {}",
    'Retired {}',
  ],
  [
    'Retired is missing',
    () =>
      given(Dog, ...fido)
        .when((dog) => dog.teach())
        .then(Retired.of({})),
    'Retired {}',
    '(nothing)',
  ],
  [
    'TrickAdded should not have happened',
    () =>
      given(Dog, ...fido)
        .when((dog) => dog.teach('beg'))
        .thenNothing(),
    '(nothing)',
    "TrickAdded { trick: 'beg' }",
  ],
  [
    'the events are in another order',
    () =>
      given(Dog, ...fido)
        .when((dog) => dog.teach('beg', 'roll over'))
        .then(TrickAdded.of({ trick: 'roll over' }), TrickAdded.of({ trick: 'beg' })),
    "TrickAdded { trick: 'roll over' }\nTrickAdded { trick: 'beg' }",
    "TrickAdded { trick: 'beg' }\nTrickAdded { trick: 'roll over' }",
  ],
  [
    'Retired happened to another aggregate',
    () =>
      given(Dog, ...fido)
        .when((dog) => dog.retire())
        .then(Retired.of({}, 'rex')),
    "Retired {} of 'rex'",
    "Retired {} of 'Dog'",
  ],
  [
    'it was not refused',
    () =>
      given(Dog, ...fido)
        .when((dog) => dog.addTrick('beg'))
        .thenThrows(RangeError),
    'throws RangeError',
    "TrickAdded { trick: 'beg' }",
  ],
  [
    'it was not refused',
    () =>
      given(Dog, ...fido)
        .when((dog) => dog.teach())
        .thenThrows('INVALID_PAYLOAD'),
    "throws 'INVALID_PAYLOAD'",
    '(nothing)',
  ],
  [
    'it was refused, but TrickAdded should not have happened',
    () =>
      given(Dog, ...fido)
        .when((dog) => dog.teach('beg', 'sit'))
        .thenThrows(RangeError),
    '(nothing)',
    "TrickAdded { trick: 'beg' }",
  ],
  [
    'the command changed the state without an event',
    () =>
      given(Dog, ...fido)
        .when((dog) => {
          dog.tricks.push('beg')
          dog.addTrick('sit')
        })
        .thenThrows(RangeError),
    "{ name: 'Fido', tricks: ['sit'], isRetired: false }",
    "{ name: 'Fido', tricks: ['sit', 'beg'], isRetired: false }",
  ],
]
t.test('a check that fails says what is wrong', async (t) => {
  for (const [what, check, expected, actual] of failing) {
    const error = await failureOf(check())
    t.equal(error.message.split('\n')[0], what)
    t.strictSame([error.expected, error.actual], [expected, actual], what)
    t.match(error, { name: 'AssertionError', code: 'ERR_ASSERTION', generatedMessage: false })
  }
})

t.test('with what was given, what was done, and a mark', async (t) => {
  const error = await failureOf(
    given(Dog, ...fido)
      .when((dog) => dog.teach('beg', 'rol over'))
      .then(TrickAdded.of({ trick: 'beg' }), TrickAdded.of({ trick: 'roll over' })),
  )
  t.equal(
    error.message,
    `TrickAdded has another payload

  given     Registered { name: 'Fido' }
            TrickAdded { trick: 'sit' }
  when      (dog) => dog.teach('beg', 'rol over')
  expected  TrickAdded { trick: 'beg' }
            TrickAdded { trick: 'roll over' }
  got       TrickAdded { trick: 'beg' }
            TrickAdded { trick: 'rol over' }
                                    ^
`,
  )
  const shown = await failureOf(
    given(Dog, ...fido)
      .when((dog) => dog.addTrick('rol over'))
      .then(TrickAdded.of({ trick: 'roll over' })),
  )
  const page = readFileSync(join(__dirname, '..', '..', 'src', 'README.md'), 'utf8')
  t.ok(page.includes(`\`\`\`text\n${shown.message}\`\`\``), 'as the README says')
  const less = await failureOf(
    given(Dog)
      .when(() => new Dog('Fido'))
      .then(Registered.of({ name: 'Fido' }), Retired.of({})),
  )
  t.match(less.message, /got {7}Registered \{ name: 'Fido' \}\n {12}\(nothing more\)\n {12}\^\n/)
  t.notMatch(less.message, /given/)
})

t.test('an error that nobody expects is shown, and kept as the cause', async (t) => {
  const [error, other] = await Promise.all([
    failureOf(
      given(Dog, ...fido)
        .when((dog) => dog.addTrick('sit'))
        .then(TrickAdded.of({ trick: 'sit' })),
    ),
    failureOf(
      given(Dog, ...fido)
        .when((dog) => dog.addTrick('sit'))
        .thenThrows('INVALID_PAYLOAD'),
    ),
  ])
  t.match(
    error.message,
    /^it was refused: Fido can sit already\n[\s\S]*got {7}throws RangeError: Fido can sit already\n {14}from Aggregate.addTrick \(/,
  )
  t.match(other.message, /^it was refused for another reason\n[\s\S]*expected {2}throws 'INVALID_PAYLOAD'\n/)
  for (const each of [error, other]) t.ok(each.cause instanceof RangeError)
  const thrown = given(Dog, ...fido)
    .when(() => Promise.reject('no'))
    .thenNothing()
  t.match((await failureOf(thrown)).message, /^it was refused: no\n[\s\S]*throws 'no'\n/)
})

t.test('an error is expected by its class, its code, or what its message contains', async (t) => {
  class TooFar extends Error {}
  const refused = (error: unknown) => given(Dog, ...fido).when(() => Promise.reject(error))
  const pattern = /far/g
  for (const expected of [TooFar, Error, pattern, pattern, 'far']) await refused(new TooFar('far')).thenThrows(expected)
  await refused({ code: 'FAR', message: 'too far' }).thenThrows('FAR')
  const { message } = await failureOf(refused(new TooFar('far')).thenThrows(RangeError))
  t.match(message, 'got       throws TooFar: far\n')

  // Test runners that give each test globals of its own have built-in classes twice.
  const elsewhere = runInNewContext('new RangeError("far")')
  for (const expected of [RangeError, Error, 'far']) await refused(elsewhere).thenThrows(expected)
  await failureOf(refused(elsewhere).thenThrows(TypeError))
  const own = { RangeError: class extends Error {} }
  await failureOf(refused(elsewhere).thenThrows(own.RangeError))
  await failureOf(refused(new own.RangeError('far')).thenThrows(RangeError))
})

t.test('what is far from the difference is left out, and what has several lines is in its column', async (t) => {
  const many = Array.from({ length: 100 }, (_, i) => TrickAdded.of({ trick: `trick ${i}` }))
  const other = many.with(50, TrickAdded.of({ trick: 'trick L' }))
  const names = (events: readonly { payload: { trick: string } }[]) => events.map(({ payload }) => payload.trick)
  const { message, expected, actual } = await failureOf(
    given(Dog, Registered.of({ name: 'F'.repeat(100) }), ...many.slice(0, 40))
      .when((dog) => dog.teach(...names(many.slice(40))))
      .then(...other.slice(40)),
  )
  t.match(message, '  given     … 23 more\n            TrickAdded {')
  t.match(message, "  expected  TrickAdded { trick: 'trick 40' }\n")
  t.match(message, "TrickAdded { trick: 'trick 70' }\n            … 29 more\n")
  t.match(message, /'trick 50' \}\n {39}\^\n/)
  t.match(message, /… 29 more\n$/)
  t.match([expected, actual], [/… 29 more$/, /… 29 more$/])
  const long = given(Dog, Registered.of({ name: 'F'.repeat(100) })).when((dog) => dog.retire())
  t.match((await failureOf(long.thenNothing())).message, /given {5}Registered \{\n {14}name: 'F+',\n {12}\}\n/)
})

t.test('the stack begins at the line of the test', async (t) => {
  const error = await failureOf(
    given(Dog, ...fido)
      .when((dog) => dog.retire())
      .thenNothing(),
  )
  const [first] = (error.stack ?? '').split('\n').filter((line) => /^ +at /.test(line))
  t.match(first, /testing\/aggregates\.test\.ts:\d+/)
  t.match(error.stack, /^AssertionError: Retired should not have happened\n/)
  t.notMatch(error.stack, /src\/testing/)
})

t.test('what is not a test of an aggregate is refused at once', async (t) => {
  t.throws(() => given({} as never), { name: 'TypeError', message: /given\(\) takes a class/ })
  t.throws(() => given(class extends Map {} as never), TypeError)
  t.throws(() => given(Dog, Registered as never), { name: 'TypeError', message: /the event type Registered: say/ })
  t.throws(() => given(Dog, fido as never), { name: 'TypeError', message: /not an array: spread it/ })
  await assert.rejects(
    given(Dog)
      .when(((dog: Dog) => dog.retire()) as never)
      .thenThrows(TypeError),
    { name: 'TypeError', message: /There is no Dog yet/ },
  )
  t.throws(() => given(Dog).when('sit' as never), { name: 'TypeError', message: /when\(\) takes a function/ })
  const puppy = () => given(Dog).when(() => new Dog('Fido'))
  t.throws(() => puppy().then(Registered as never), { name: 'TypeError', message: /then\(\) takes events/ })
  t.throws(() => puppy().thenThrows(7 as never), { name: 'TypeError', message: /takes the code/ })
  t.throws(() => puppy().thenThrows(RangeError, 7 as never), { name: 'TypeError', message: /not 7/ })
  await assert.rejects(
    given(Dog)
      .when(() => 7 as never)
      .thenNothing(),
    { name: 'TypeError', message: /must return the new Dog/ },
  )
  await assert.rejects(
    given(Dog, TrickAdded.of({ trick: 'sit' }))
      .when((dog) => dog.retire())
      .then(Retired.of({})),
    { code: 'EVENT_MISMATCH', stack: /^EventMismatchError: A Dog starts with Registered.*\n.*aggregates\.test\.ts/ },
  )
})

t.test('half a sentence is refused by whoever waits for it', async (t) => {
  const half = { name: 'Error', message: /^This checks nothing: end it with then.*aggregates\.test\.ts:\d+/ }
  await t.rejects(async () => given(Dog, ...fido) as unknown, half)
  await t.rejects(async () => given(Dog, ...fido).when((dog) => dog.retire()) as unknown, half)
  t.throws(
    () =>
      given(Dog)
        .when(() => new Dog('Fido'))
        .then((() => undefined) as never),
    half,
  )
})

t.test('state that nobody can look into is nobody’s fault', async () => {
  @event('Opened')
  class Kennel extends Aggregate {
    readonly later = Promise.resolve()
    readonly born = performance.now()
    @event('Closed')
    close() {}
  }
  await given(Kennel, { name: 'Opened', payload: {} })
    .when((kennel) => kennel.close())
    .then({ name: 'Closed', payload: {} })
})

t.test('an aggregate in doubt, and one from elsewhere, are not compared with a replay', async () => {
  @event('Opened')
  class Safe extends Aggregate {
    #turns = 0
    known: number[] = []
    @event('Turned')
    turn(number: number) {
      this.known.push(number)
      if (++this.#turns > 0 && number > 9) throw new RangeError('too far')
    }
  }
  await given(Safe, { name: 'Opened', payload: {} })
    .when((safe) => safe.turn(10))
    .thenThrows(RangeError)
  const rex = new Dog('Rex')
  rex.collectEvents()
  await given(Dog, ...fido)
    .when(() => {
      rex.addTrick('fetch')
      rex.tricks.push('secret')
      return rex
    })
    .then(TrickAdded.of({ trick: 'fetch' }))
})
