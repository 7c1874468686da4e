/**
 * A learner's school at work, watched from outside: what it loads, teaches, saves and answers tells why an example went
 * wrong. The steps are told to the learner as they were seen.
 */
import { Aggregate, Application, type MemoryRecorder, VersionConflictError } from 'dog-school'

export interface School extends Application {
  registerDog(name: string): Promise<string>
  addTrick(id: string, trick: string): Promise<unknown>
  getDog(id: string): Promise<{ readonly name: unknown; readonly tricks: unknown }>
}
export type Schools = new (recorder?: MemoryRecorder) => School

export const isAggregate = (value: unknown): value is Aggregate => value instanceof Aggregate

/** What a school did while one of its methods ran. */
export interface Seen {
  /** In words, in the order in which it was done. */
  readonly steps: string[]
  /** How often it loaded a dog, the classes that it asked for, and what came. */
  loads: number
  readonly classes: unknown[]
  readonly loaded: Aggregate[]
  /** How often the watched method was called, by itself too; and how often `getDog` was, by another method. */
  calls: number
  asked: number
  /** What each call of `save` was given. */
  readonly saves: { readonly what: readonly unknown[]; readonly pending: number; readonly tricks: number }[]
  /** How often something was saved in another school than this one. */
  elsewhere: number
  /** How often it took the pending events out of a dog. */
  collected: number
  /** How many of the promises of a dog nobody waited for. */
  unwaited: number
  /** Whether the method came back without an error. */
  ended: boolean
  error?: unknown
  answer?: unknown
}

/** The promise of a dog: tells when somebody waits for it. */
class Loaded<T> extends Promise<T> {
  static override get [Symbol.species]() {
    return Promise
  }
  onWait: (() => void) | undefined
  // biome-ignore lint/suspicious/noThenProperty: that is what `await` calls
  override then<A = T, B = never>(
    kept?: ((value: T) => A | PromiseLike<A>) | null,
    broken?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.onWait?.()
    return super.then(kept, broken)
  }
}

const define = (of: object, name: string, value: unknown) =>
  Object.defineProperty(of, name, { value, configurable: true, writable: true })

/** Watches a school while one of its methods runs. It may throw at once, and need not give a promise. */
export async function watch(school: School, method: 'registerDog' | 'addTrick' | 'getDog', ...args: string[]) {
  const seen: Seen = {
    steps: [],
    loads: 0,
    classes: [],
    loaded: [],
    calls: 0,
    asked: 0,
    saves: [],
    elsewhere: 0,
    collected: 0,
    unwaited: 0,
    ended: false,
  }
  const dogs = new Map<Aggregate, { version: number; tricks: number }>()
  let isOver = false
  const tell = (step: string) => seen.steps.push(isOver ? `only then ${step}` : step)
  /** What has become of the dogs since somebody looked. */
  const look = () => {
    for (const [dog, last] of dogs) {
      const now = { version: dog.version, tricks: tricksOf(dog) }
      const events = dog.pendingEvents.filter(({ version }) => version > last.version)
      for (const { name } of events) tell(`${nameOf(dog)}: ${name} is pending`)
      if (events.length === 0 && now.tricks !== last.tricks) tell(`his list is changed, without an event`)
      dogs.set(dog, now)
    }
  }
  const note = (step: string) => {
    look()
    tell(step)
  }
  const meet = (dog: Aggregate, version = dog.version) => dogs.set(dog, { version, tricks: tricksOf(dog) })

  const { save, retry, repository, recorder } = school
  const get = repository.get.bind(repository)
  define(repository, 'get', (...asked: Parameters<typeof get>) => {
    seen.unwaited++
    seen.classes.push(asked[0])
    const promise = new Loaded<Aggregate>((resolve, reject) => {
      get(...asked).then((dog) => {
        note(`loads ${nameOf(dog)}`)
        seen.loaded.push(dog)
        meet(dog)
        resolve(dog)
      }, reject)
    })
    let isWaited = false
    promise.onWait = () => {
      if (!isWaited) seen.unwaited--
      isWaited = true
    }
    return promise
  })
  const { select } = recorder
  define(recorder, 'select', (...asked: Parameters<typeof select>) => {
    seen.loads++
    return select.apply(recorder, asked)
  })
  define(school, 'save', async (...what: Aggregate[]) => {
    const saved = what.filter(isAggregate)
    for (const dog of saved) if (!dogs.has(dog)) meet(dog, dog.version - dog.pendingEvents.length)
    const pending = saved.reduce((sum, dog) => sum + dog.pendingEvents.length, 0)
    const tricks = saved.reduce((sum, dog) => sum + tricksOf(dog), 0)
    seen.saves.push({ what, pending, tricks })
    note(
      `saves ${what.map(nameOf).join(', ') || 'nobody'}${saved.length > 0 && pending === 0 ? ', with nothing new' : ''}`,
    )
    try {
      const positions = await save.apply(school, what)
      note(positions.length > 0 ? 'saved' : 'nothing was saved')
      return positions
    } catch (error) {
      note(error instanceof VersionConflictError ? 'that ends in a conflict' : 'that fails')
      throw error
    }
  })
  const { close } = school
  define(school, 'close', () => {
    note('closes the school')
    return close.call(school)
  })
  define(school, 'retry', async (command: unknown, ...more: []) => {
    note('retry begins')
    try {
      return await retry.call(school, command as () => Promise<unknown>, ...more)
    } finally {
      note('retry is over')
    }
  })
  for (const name of ['registerDog', 'addTrick', 'getDog'] as const) {
    const own = school[name] as ((...values: string[]) => unknown) | undefined
    if (typeof own !== 'function') continue
    define(school, name, (...values: string[]) => {
      if (name === method) seen.calls++
      if (name === method && seen.calls > 1) note(`calls ${name} again`)
      if (name !== method) {
        note(`asks its own ${name}`)
        seen.asked += name === 'getDog' ? 1 : 0
      }
      return own.apply(school, values)
    })
  }
  const { collectEvents } = Aggregate.prototype
  const { save: anySave } = Application.prototype
  define(Aggregate.prototype, 'collectEvents', function (this: Aggregate) {
    seen.collected++
    note(`takes the pending events out of ${nameOf(this)}`)
    return collectEvents.call(this)
  })
  define(Application.prototype, 'save', function (this: Application, ...what: Aggregate[]) {
    if (this !== school && !Object.prototype.isPrototypeOf.call(school, this)) {
      seen.elsewhere++
      note(`saves ${what.map(nameOf).join(', ')} in another application`)
    }
    return anySave.apply(this, what)
  })
  try {
    seen.answer = await (school[method] as (...values: string[]) => unknown)(...args)
    seen.ended = true
  } catch (error) {
    // The example shows what it throws.
    seen.error = error
  }
  look()
  if (seen.steps.length === 0) seen.steps.push('loads and saves nothing')
  seen.steps.push(seen.ended ? 'comes back' : 'throws an error')
  isOver = true
  define(Aggregate.prototype, 'collectEvents', collectEvents)
  define(Application.prototype, 'save', anySave)
  return seen
}

const tricksOf = (dog: Aggregate): number => {
  const tricks = Reflect.get(dog, 'tricks')
  return Array.isArray(tricks) ? tricks.length : 0
}

/** Who or what it is, in a word or two. */
function nameOf(it: unknown): string {
  if (isAggregate(it)) return String(Reflect.get(it, 'name') ?? 'a dog')
  if (typeof it === 'string') return `the text '${it}'`
  if (it instanceof Promise) return 'a promise'
  if (Array.isArray(it)) return 'a list'
  return typeof it === 'function' ? `the class ${it.name}` : `an object that is no dog`
}
