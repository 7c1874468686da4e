/** The learner's tests are the answer here: right aggregates must pass them all, each broken one must fail at least one. */
import { Aggregate, type DomainEvent, defineEvent, event } from 'dog-school'
import { type Checkpoint, judge } from '../../src/checkpoints/judging/judge'
import { runTests } from '../../src/checkpoints/judging/run-learner-tests'

/** What the tests do with a right dog: it tells, where they let a broken one pass, what is missing. */
const seen = { collectedTwice: false, replayed: 0 }

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

class Lazy extends Dog {
  @event('TrickAdded')
  override addTrick(_trick: string) {}
}

class Watched extends Dog {
  static override replay(...args: Parameters<typeof Aggregate.replay>): never {
    seen.replayed++
    return super.replay(...args) as never
  }
  override collectEvents() {
    const events = super.collectEvents()
    if (events.length === 0) seen.collectedTwice = true
    return events
  }
}

@event(defineEvent('Registered', ['name']))
class Hidden extends Aggregate {
  #tricks: string[] = []
  #name: string
  constructor(called: string) {
    super()
    this.#name = called
  }
  get name() {
    return this.#name
  }
  get tricks() {
    return [...this.#tricks]
  }
  addTrick(trick: string) {
    this.added(trick)
    return this
  }
  @event('TrickAdded')
  private added(trick: string) {
    this.#tricks.push(trick)
  }
}

/** Records nothing: the plain dog of lesson 2, with the methods of an aggregate. */
class Silent {
  readonly tricks: string[] = []
  readonly id = 'fido'
  readonly version = 1
  readonly pendingEvents: DomainEvent[] = []
  constructor(readonly name: string) {}
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
  collectEvents() {
    return this.pendingEvents
  }
  static replay() {
    return new Silent('Fido')
  }
}

/** A dog whose events come out differently. */
function telling(change: (events: DomainEvent[]) => unknown[]): object {
  return class extends Dog {
    override collectEvents() {
      return change(super.collectEvents()) as DomainEvent[]
    }
    override get pendingEvents() {
      return change([...super.pendingEvents]) as DomainEvent[]
    }
    // A replay is given the true ones: that this dog is broken must be seen in his events.
    static override replay(events: readonly DomainEvent[], ...rest: unknown[]): never {
      const whole = [...new Set(events.map((each) => truth.get(each) ?? each))]
      return super.replay(whole, ...(rest as [])) as never
    }
  }
}

const truth = new WeakMap<object, DomainEvent>()
function but(each: DomainEvent, change: object): object {
  const changed = { ...each, ...change }
  truth.set(changed, each)
  return changed
}
const renamed = (from: string, to: string) =>
  telling((events) => events.map((each) => (each.name === from ? but(each, { name: to }) : each)))
const paid = (name: string, payload: (of: DomainEvent) => object) =>
  telling((events) => events.map((each) => (each.name === name ? but(each, { payload: payload(each) }) : each)))

/** A dog who comes out of a replay differently. */
function coming(change: (dog: Dog) => object): object {
  return class extends Dog {
    static override replay(...args: Parameters<typeof Aggregate.replay>): never {
      return change(super.replay(...args) as Dog) as never
    }
  }
}
const having = (name: string, value: (dog: Dog) => unknown) =>
  coming((dog) => Object.defineProperty(dog, name, { value: value(dog) }))

/** His state is changed beside the events: all is well until the replay. */
@event('Registered')
class Careless extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }
  addTrick(trick: string) {
    this.tricks.push(trick)
    this.added(trick)
  }
  @event('TrickAdded')
  added(_trick: string) {}
}

/** Broken dogs, in the order in which they are tried, with the hint for tests that let them pass. */
const broken: readonly (readonly [id: string, hint: string, dog: object])[] = [
  ['silent', 'no-events', Silent],
  ['forgets-the-second', 'count', telling((events) => events.slice(0, 2))],
  ['records-twice', 'count', telling((events) => [...events, ...events.slice(1)])],
  ['unborn', 'count', telling((events) => events.slice(1))],
  ['created', 'names', renamed('Registered', 'Created')],
  ['imperative', 'names', renamed('TrickAdded', 'AddTrick')],
  ['unnamed-fact', 'registered-fact', paid('Registered', () => ({}))],
  ['wrong-name', 'registered-fact', paid('Registered', () => ({ name: 'Rex' }))],
  ['other-key', 'facts', paid('TrickAdded', ({ payload }) => ({ newTrick: payload.trick }))],
  ['same-trick', 'facts', paid('TrickAdded', () => ({ trick: 'roll over' }))],
  ['no-facts', 'facts', paid('TrickAdded', () => ({}))],
  ['all-ones', 'versions', telling((events) => events.map((each) => but(each, { version: 1 })))],
  ['from-zero', 'versions', telling((events) => events.map((each) => but(each, { version: each.version - 1 })))],
  ['careless', 'replay-tricks', Careless],
  ['doubled', 'replay-tricks', having('tricks', ({ tricks }) => [...tricks, ...tricks])],
  ['reversed', 'replay-tricks', having('tricks', ({ tricks }) => [...tricks].reverse())],
  ['nameless', 'replay-name', having('name', () => '')],
  ['stranger', 'replay-id', having('id', () => 'somebody-else')],
  ['newborn', 'replay-version', having('version', () => 1)],
  ['one-too-many', 'replay-version', having('version', ({ version }) => version + 1)],
]

judge(__dirname, async ({ folder, check, refuse }: Checkpoint) => {
  const test = (dog: object) => runTests(folder, 'dog.test.ts', { Dog: dog })

  await check('right', async () => {
    Object.assign(seen, { collectedTwice: false, replayed: 0 })
    for (const dog of [Watched, Dog, Hidden]) {
      const { passed, ended, failure, asserts, problem } = await test(dog)
      if (problem) throw problem
      const did = 'a right dog at ./dog'
      if (!ended) refuse('never-ends', { did, came: 'a test that does not end' })
      if (passed && asserts > 0) continue
      if (!failure) return refuse('no-assertion', { did, came: 'no assertion at all' })
      const came = `${failure.name}${failure.diff ? `\n${failure.diff}` : ''}`
      const isWhole = /DomainEvent|timestamp|aggregateId|originator/.test(failure.diff ?? '')
      const hint = failure.isIdentity
        ? 'same-list'
        : seen.collectedTwice
          ? 'collected-twice'
          : isWhole
            ? 'whole-event'
            : failure.isThrown
              ? 'throws'
              : 'refuses-right'
      const unforeseen = hint === 'throws' && { unforeseen: true }
      refuse(hint, { did, came, ...(failure.place && { place: failure.place }), ...unforeseen })
    }
  })

  await check('no-dog', async () => {
    const { passed } = await runTests(folder, 'dog.test.ts', undefined)
    if (passed) refuse('own-dog', { dog: 'nobody', did: 'no Dog at ./dog', came: 'the tests pass' })
  })

  await check('old', async () => {
    if ((await test(Lazy)).passed) refuse('old-test', { dog: 'lazy', did: 'this dog at ./dog', came: 'the tests pass' })
  })

  await check('broken-dogs', async () => {
    for (const [id, hint, dog] of broken) {
      if (!(await test(dog)).passed) continue
      const given = hint.startsWith('replay-') && seen.replayed === 0 ? 'no-replay' : hint
      refuse(given, { dog: id, did: 'this dog at ./dog', came: 'the tests pass' })
    }
  })
})
