/** The dogs that the learner's tests meet: right ones, and broken ones. */
import { Aggregate, type DomainEvent, defineEvent, event } from 'dog-school'
import { shown } from '../../src/course/example'
import { Dog } from './start/dog'

/** What the tests did with a right dog: it tells, where they let a broken one pass, what is missing. */
const nothing = () => ({
  asked: 0,
  replayed: 0,
  /** How many dogs were made of the same events. */
  copies: 0,
  strange: false,
  /** How many different tricks a dog knew, of those whose events were looked at. */
  different: 0,
  /** The names and payloads of their events. */
  told: new Set<string>(),
})

export const seen = nothing()

let given = new Map<string, number>()

export function forget(): void {
  given = new Map()
  Object.assign(seen, nothing())
}

export class Lazy extends Dog {
  @event('TrickAdded')
  override addTrick(_trick: string) {}
}

/** Right, and tells what is done with it. */
export class WatchedDog extends Dog {
  static override replay(...args: Parameters<typeof Aggregate.replay>): never {
    seen.replayed++
    const [[first] = []] = args
    const copies = (given.get(first?.aggregateId ?? '') ?? 0) + 1
    given.set(first?.aggregateId ?? '', copies)
    seen.copies = Math.max(seen.copies, copies)
    return super.replay(...args) as never
  }
  override collectEvents() {
    this.#ask()
    return super.collectEvents()
  }
  override get pendingEvents() {
    this.#ask()
    return super.pendingEvents
  }
  #ask() {
    seen.asked++
    for (const { name, payload } of super.pendingEvents) seen.told.add(shown(name)).add(shown(payload))
    seen.different = Math.max(seen.different, new Set(this.tricks).size)
  }
}

/** Right, too: others write their dogs like this. */
@event(defineEvent('Registered', ['name']))
export class HiddenDog extends Aggregate {
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

// What a learner reads speaks of a dog.
for (const each of [WatchedDog, HiddenDog]) Object.defineProperty(each, 'name', { value: 'Dog' })

/** Records nothing: the plain dog of lesson 2, with the methods of an aggregate. */
export class Silent {
  readonly tricks: string[] = []
  readonly id = 'nobody'
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
export function telling(change: (event: DomainEvent) => readonly unknown[]): object {
  const all = (events: readonly DomainEvent[]) => events.flatMap(change) as DomainEvent[]
  return class extends Dog {
    override collectEvents() {
      return all(super.collectEvents())
    }
    override get pendingEvents() {
      return all(super.pendingEvents)
    }
    // A replay is given the true ones: that this dog is broken must be seen in his events.
    static override replay(events: readonly DomainEvent[], ...rest: unknown[]): never {
      const whole = [...new Set(events.map((each) => truth.get(each) ?? each))]
      return super.replay(whole, ...(rest as [])) as never
    }
  }
}

export const truth = new WeakMap<object, DomainEvent>()

/** One thing that can be wrong with a dog: gives the dog with whom it is this value, worked out whenever it is read. */
export type Feature = (value: (of: never) => unknown) => object

/** Of each event that is chosen, the property of this name. */
const of =
  (chosen: (event: DomainEvent) => boolean, property: 'name' | 'version' | 'payload'): Feature =>
  (value) =>
    telling((each) => {
      if (!chosen(each)) return [each]
      const changed = Object.defineProperty({ ...each }, property, {
        get: () => value(each as never),
        enumerable: true,
      })
      truth.set(changed, each)
      return [changed]
    })

/** Of the dog that comes out of a replay, the property of this name. */
export const replayed =
  (property: string, enumerable = false): Feature =>
  (value) =>
    class extends Dog {
      static override replay(...args: Parameters<typeof Aggregate.replay>): never {
        const dog = super.replay(...args) as unknown as Dog
        const { name, version, tricks } = dog
        const get = () => value({ name, version, tricks } as never)
        return Object.defineProperty(dog, property, { get, ...(enumerable && { enumerable }) }) as never
      }
    }

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

const isFirst = ({ version }: DomainEvent) => version === 1
const isLater = ({ version }: DomainEvent) => version > 1
const first = { name: of(isFirst, 'name'), payload: of(isFirst, 'payload') }
const later = { name: of(isLater, 'name'), payload: of(isLater, 'payload') }
const third = of(({ version }) => version === 3, 'payload')
const versions = of(() => true, 'version')
const copy = {
  id: replayed('id'),
  version: replayed('version'),
  name: replayed('name'),
  tricks: replayed('tricks'),
}
export type Known = {
  readonly tricks: string[]
  readonly version: number
  readonly payload: { readonly trick: string }
}
const having = (feature: Feature, value: (of: Known) => unknown) => [feature(value), feature] as const

/** Broken dogs, in the order in which they are tried: the hint for tests that let them pass, and what is wrong. */
export const broken = {
  silent: ['no-events', Silent],
  'forgets-the-second': ['count', telling((each) => (each.version < 3 ? [each] : []))],
  'records-twice': ['count', telling((each) => (each.version > 1 ? [each, each] : [each]))],
  unborn: ['count', telling((each) => (each.version > 1 ? [each] : []))],
  created: ['names', ...having(first.name, () => 'Created')],
  imperative: ['names', ...having(later.name, () => 'AddTrick')],
  'unnamed-fact': ['registered-fact', ...having(first.payload, () => ({}))],
  'wrong-name': ['registered-fact', ...having(first.payload, () => ({ name: 'Somebody' }))],
  'other-key': ['facts', ...having(later.payload, ({ payload }) => ({ newTrick: payload.trick }))],
  'same-trick': ['facts', ...having(third, () => ({ trick: 'roll over' }))],
  'no-facts': ['facts', ...having(later.payload, () => ({}))],
  'all-ones': ['versions', ...having(versions, () => 1)],
  'from-zero': ['versions', ...having(versions, ({ version }) => version - 1)],
  careless: ['replay-tricks', Careless, copy.tricks],
  doubled: ['replay-tricks', ...having(copy.tricks, ({ tricks }) => [...tricks, ...tricks])],
  reversed: ['replay-tricks', ...having(copy.tricks, ({ tricks }) => [...tricks].reverse())],
  nameless: ['replay-name', ...having(copy.name, () => '')],
  stranger: ['replay-id', ...having(copy.id, () => 'somebody-else')],
  newborn: ['replay-version', ...having(copy.version, () => 1)],
  'one-too-many': ['replay-version', ...having(copy.version, ({ version }) => version + 1)],
} satisfies Record<string, readonly [hint: string, dog: object, what?: Feature]>
