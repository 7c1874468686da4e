/** Schools at work, watched from outside: what they load, save and answer tells why an example went wrong. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Aggregate, Application, MemoryRecorder, type StoredEvent, type StreamQuery, type Tracking } from 'dog-school'
import { failsWith, isList, throws } from '../../src/checkpoints/judging/likeness'
import type { Likeness } from '../../src/course/example'

/** Takes its time, so that whoever does not wait for it is found out. */
export class SlowRecorder extends MemoryRecorder {
  #loads = 0

  override async select(aggregateId: string, query?: StreamQuery): Promise<StoredEvent[]> {
    if (++this.#loads > 200) throw new RangeError('It loads the dog again and again')
    return super.select(aggregateId, query)
  }

  override async append(events: readonly StoredEvent[], tracking?: Tracking): Promise<number[]> {
    await sleep(3)
    return super.append(events, tracking)
  }
}

/** A disk that is full: whoever saves must hear of it. */
export class FullRecorder extends MemoryRecorder {
  override async append(): Promise<number[]> {
    throw new Error('The disk is full')
  }
}

export const isAggregate = (value: unknown) => value instanceof Aggregate
export const isPending = (value: unknown) => value instanceof Promise
/** Something was used as if it were a dog: the promise of one, or a text. */
const onNoDog = throws(
  /(addTrick|collectEvents|tricks|slice|concat) is not (a function|iterable)|reading 'slice'|reading 'concat'/,
)
const unknownDog = failsWith('AGGREGATE_NOT_FOUND')
const notAnId = throws(/An id must be/)
/** What a line does that means well, and asks the wrong one. */
export const usual = {
  'await-inside': throws(/takes aggregates, not \[object Promise\]/),
  'text-for-a-dog': throws(/takes aggregates, not \w/),
  collected: throws(/takes aggregates, not \[object Object\]/),
  'event-on-school': throws(/is not an aggregate/),
  'save-of-whom': throws(/\.(save\w*|add|put|append|store|insert|persist|set) is not a function/),
  'without-this': throws(/^(repository|save) is not defined/),
  'calls-itself': throws(/Maximum call stack|again and again/),
}

type School = Application & {
  registerDog(name: string): Promise<string>
  addTrick(id: string, trick: string): Promise<void>
  getDog(id: string): Promise<{ tricks: unknown }>
}

async function events(school: Application): Promise<string[]> {
  return (await school.notificationLog.select()).map(({ name }) => name)
}

/** A method of the learner's need not even give a promise. */
const attempt = async (call: () => unknown): Promise<boolean> => {
  try {
    await call()
    return true
  } catch {
    // What it throws is shown by the example.
    return false
  }
}

type Schools = new (recorder: MemoryRecorder) => Application

/** What a school did while one of its methods ran. */
interface Seen {
  /** How often it loaded a dog. */
  loads: number
  /** The dogs that it saved: how many events were pending in each, and his tricks. */
  readonly saves: { readonly pending: number; readonly tricks: readonly unknown[] }[]
  /** How often it took the pending events out of a dog. */
  collected: number
  /** Whether the method came back without an error. */
  ended: boolean
}

/** Watches a school at its work, from outside. */
async function watch(school: School, call: () => unknown): Promise<Seen> {
  const seen: Seen = { loads: 0, saves: [], collected: 0, ended: false }
  const { save } = school
  const { select } = school.recorder
  const { collectEvents } = Aggregate.prototype
  const define = (of: object, name: string, value: unknown) =>
    Object.defineProperty(of, name, { value, configurable: true, writable: true })
  define(school.recorder, 'select', (...args: Parameters<typeof select>) => {
    seen.loads++
    return select.apply(school.recorder, args)
  })
  define(school, 'save', (...dogs: Aggregate[]) => {
    for (const dog of dogs)
      if (isAggregate(dog))
        seen.saves.push({ pending: dog.pendingEvents.length, tricks: [Reflect.get(dog, 'tricks')].flat() })
    return save.apply(school, dogs)
  })
  define(Aggregate.prototype, 'collectEvents', function (this: Aggregate) {
    seen.collected++
    return collectEvents.call(this)
  })
  seen.ended = await attempt(call)
  define(Aggregate.prototype, 'collectEvents', collectEvents)
  return seen
}

/** The slips of a method that needs a dog: nobody waited for him, or nobody loaded one, and a text stands there. */
export async function slipsOf(DogSchool: Schools, call: (school: School, id: string) => unknown) {
  const school = new DogSchool(new SlowRecorder()) as School
  const id = await school.registerDog('Fido')
  let empty = false
  const { loads } = await watch(school, async () => {
    const answer = await call(school, id)
    empty = answer instanceof Object && 'name' in answer && answer.name === undefined
  })
  const isPromise = loads > 0
  const either =
    (usually: Likeness, isMeant: boolean): Likeness =>
    (value, error) =>
      usually(value, error) || (isMeant && (onNoDog(value, error) || (empty && !error)))
  return {
    ...usual,
    'await-inside': either(usual['await-inside'], isPromise),
    'text-for-a-dog': either(usual['text-for-a-dog'], !isPromise),
    'wrong-id': unknownDog,
    'get-arguments': notAnId,
  }
}

/** Why a dog that was registered is not in the store: nobody saved him, or nobody waited for it. */
export async function hintForUnsaved(DogSchool: Schools): Promise<string> {
  const school = new DogSchool(new SlowRecorder()) as School
  const seen = await watch(school, () => school.registerDog('Fido'))
  if ((await events(school)).length > 0) return 'saved-twice'
  await sleep(20)
  if ((await events(school)).length > 0) return 'not-awaited'
  if (seen.collected > 0) return 'collected'
  return DogSchool.prototype.save === Application.prototype.save ? 'not-saved' : 'own-save'
}

/** Why a trick is not in the store as one event of this dog. */
export async function hintForUntaught(DogSchool: Schools): Promise<string> {
  const school = new DogSchool(new SlowRecorder()) as School
  const id = await school.registerDog('Fido')
  const seen = await watch(school, () => school.addTrick(id, 'roll over'))
  const now = await events(school)
  await sleep(20)
  const later = await events(school)
  if (later.filter((name) => name === 'Registered').length > 1) return 'another-dog'
  if (later.length > now.length) return 'not-awaited'
  if (later.length > 2) return 'saved-twice'
  if (later.length === 2) return 'some-not-saved'
  if (seen.collected > 0) return 'collected'
  const [saved] = seen.saves
  if (saved?.pending === 0) return saved.tricks.length > 0 ? 'past-the-dog' : 'saved-too-early'
  if (!seen.ended) return 'not-saved'
  await attempt(() => school.addTrick('Fido', 'roll over'))
  return (await events(school)).length > 1 ? 'wrong-id' : 'not-saved'
}

/** Whether what `getDog` answers holds the list of the dog that it has loaded. */
export async function givesLiveList(DogSchool: Schools): Promise<boolean> {
  const school = new DogSchool(new MemoryRecorder()) as School
  const id = await school.registerDog('Fido')
  await school.addTrick(id, 'roll over')
  const loaded: { tricks?: unknown }[] = []
  const { repository } = school
  const get = repository.get.bind(repository)
  Object.defineProperty(repository, 'get', {
    value: async (...args: Parameters<typeof get>) => {
      const dog = await get(...args)
      loaded.push(dog as { tricks?: unknown })
      return dog
    },
  })
  const { tricks } = await school.getDog(id)
  return loaded.some((dog) => isList(dog.tricks) && dog.tricks === tricks)
}
