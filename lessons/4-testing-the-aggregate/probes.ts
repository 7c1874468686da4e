/** Dogs that nobody has to catch: how the tests fare with them tells what is wrong with them. */
import type { DomainEvent } from 'dog-school'
import { type Feature, HiddenDog, type Known, replayed, Silent, seen, telling, truth } from './dogs'
import { Dog } from './start/dog'

let looks = 0

/** He keeps what was collected: who collects twice finds it again. */
class Generous extends Dog {
  protected readonly collected: DomainEvent[] = []
  override collectEvents() {
    this.collected.push(...super.collectEvents())
    return [...this.collected]
  }
  override get pendingEvents() {
    return [...this.collected, ...super.pendingEvents]
  }
}

/** Every dog of these, by his id. */
const whole = new Map<string, Complete>()

/** His replay is one of everything that has happened to him, whatever it was given. */
class Complete extends Dog {
  readonly #collected: DomainEvent[] = []
  get all() {
    return [...this.#collected, ...super.pendingEvents]
  }
  override collectEvents() {
    whole.set(this.id, this)
    const events = super.collectEvents()
    this.#collected.push(...events)
    return events
  }
  override get pendingEvents() {
    whole.set(this.id, this)
    return super.pendingEvents
  }
  static override replay(events: readonly DomainEvent[], ...rest: unknown[]): never {
    const all = whole.get(events[0]?.aggregateId ?? '')?.all ?? events
    return Dog.replay(all, ...(rest as [])) as never
  }
}

const strange = (each: object) =>
  new Proxy(each, {
    get(target, key) {
      const isOdd = typeof key === 'string' && !(key in target) && !/^(then|toJSON|inspect|nodeType|\$\$|@@)/.test(key)
      seen.strange ||= isOdd
      return Reflect.get(target, key)
    },
  })

export const probes = {
  Generous,
  /** The same, and it is one and the same list each time. */
  Unchanged: class extends Generous {
    override collectEvents() {
      super.collectEvents()
      return this.collected
    }
    override get pendingEvents() {
      super.collectEvents()
      return this.collected
    }
  },
  Complete,
  Appending: class extends Generous {
    static override replay(events: readonly DomainEvent[], ...rest: unknown[]): never {
      const dog = super.replay(events, ...(rest as [])) as unknown as { collected: DomainEvent[] }
      dog.collected.push(...events)
      return dog as never
    }
  },
  /** Who works on his list meets an error. */
  Frozen: class extends HiddenDog {
    override get tricks() {
      return Object.freeze(super.tricks) as string[]
    }
  },
  /** Everything goes wrong when he is asked for his events. */
  Throwing: class extends Dog {
    override collectEvents(): never {
      throw new Error('This dog tells nothing')
    }
    override get pendingEvents(): never {
      throw new Error('This dog tells nothing')
    }
  },
  Unasked: class extends Silent {
    override collectEvents() {
      return undefined as never
    }
  },
  /** Tells when an event is asked for something that it does not have. */
  Spy: telling((each) => {
    const proxy = strange({ ...each, payload: strange({ ...each.payload }) })
    truth.set(proxy, each)
    return [proxy]
  }),
  /** He has a field more after a replay: only a comparison of whole dogs finds it. */
  other: replayed('mood', true)(() => 'good'),
  without: (what: Feature) => what(() => undefined),
  /** Something else at each look: who compares something with itself fails him. */
  fickle: (what: Feature) =>
    what(({ payload }: Known) => {
      looks++
      return payload ? { trick: `trick ${looks}`, name: `name ${looks}` } : looks
    }),
}
