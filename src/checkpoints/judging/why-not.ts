/** What a school did tells which mistake it has: the hints for what it threw, and for what it did not record. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Application, DomainEvent } from 'dog-school'
import type { Likeness } from '../../course/example'
import { failed, failsWith, isList, throws } from './likeness'
import { SlowRecorder } from './slow-recorder'
import { isAggregate, type School, type Schools, type Seen, watch } from './watch-school'

/** Something was used as if it were a dog. */
const onNoDog = throws(
  /(addTrick|collectEvents|tricks|slice|concat|map) is not (a function|iterable)|reading '(slice|concat|map|addTrick|tricks|name)'/,
)
const takesAggregates = throws(/takes aggregates/)
const onClass = throws(/^[A-Z]\w*\.\w+ is not a function/)

export type Slips = Readonly<Record<string, Likeness>>

/** The hints for what a method throws. */
export function slipsOf(seen: Seen): Slips {
  const given = seen.saves.flatMap(({ what }) => what)
  const isGiven = (test: (value: unknown) => boolean): Likeness => {
    return (value, error) => takesAggregates(value, error) && given.some((each) => !isAggregate(each) && test(each))
  }
  const isEvents = (value: unknown) => [value].flat().some((each) => each instanceof DomainEvent)
  const either =
    (...all: Likeness[]): Likeness =>
    (value, error) =>
      all.some((each) => each(value, error))
  const when =
    (isSo: boolean, then: Likeness): Likeness =>
    (value, error) =>
      isSo && then(value, error)
  const isEmpty = (value: unknown) => value instanceof Object && 'name' in value && value.name === undefined
  return {
    'calls-itself': either(
      throws(/Maximum call stack/),
      when(seen.calls > 1 && failed(undefined, seen.error), throws(/again and again/)),
    ),
    endless: throws(/again and again/),
    'without-this': throws(/^(repository|save|retry) is not defined/),
    'save-of-whom': throws(/\.(save\w*|add|put|append|store|insert|persist|set) is not a function/),
    'asks-for-answer': when(seen.asked > 0, failed),
    'await-inside': either(
      isGiven((value) => value instanceof Promise),
      when(seen.unwaited > 0, either(onNoDog, isEmpty)),
    ),
    'get-arguments': throws(/An id must be/),
    'wrong-id': failsWith('AGGREGATE_NOT_FOUND'),
    collected: isGiven(isEvents),
    'text-for-a-dog': either(
      isGiven((value) => typeof value === 'string'),
      when(seen.loads === 0, (value, error) => onNoDog(value, error) && !onClass(value, error)),
    ),
    'not-a-dog': either(takesAggregates, onClass),
    threw: failsWith('CLOSED'),
  }
}

/** Why a dog that was registered is not in the store: nobody saved him, or nobody waited for it. */
export async function whyUnsaved(DogSchool: Schools): Promise<{ readonly hint: string; readonly seen: Seen }> {
  const school = new DogSchool(new SlowRecorder())
  const { seen, now, later } = await tried(school, 0, 'registerDog', 'Fido')
  const hint = async () => {
    if (now.length > 0) return 'saved-twice'
    if (later.length > 0) return 'not-awaited'
    if (seen.elsewhere > 0) return 'another-school'
    if (seen.collected > 0) return 'collected'
    if (DogSchool.prototype.save !== Application.prototype.save) return 'own-save'
    if (seen.saves.length === 0 && (await knows(school, seen.answer, ({ name }) => name === 'Fido')))
      return 'unsaved-memory'
    return seen.saves.some(({ what }) => what.length === 0) ? 'saves-nobody' : 'not-saved'
  }
  return { hint: await hint(), seen }
}

/**
 * What a method did, and the names of the events that were there then, and later.
 *
 * @param before how many events there were before
 */
async function tried(school: School, before: number, method: 'registerDog' | 'addTrick', ...args: string[]) {
  const seen = await watch(school, method, ...args)
  const now = await events(school)
  const later = now.length > before ? now : await eventsLater(school, now)
  // A learner is not told what the school does when it is tried out after this.
  return { seen: { ...seen, steps: [...seen.steps] }, now, later }
}

/** Whether a school answers what no event has told it. */
async function knows(school: School, id: unknown, isKnown: (dog: Record<'name' | 'tricks', unknown>) => boolean) {
  try {
    return isKnown(Object(await school.getDog(id as string)))
  } catch {
    return false
  }
}

/** Why a trick is not in the store as one event of this dog. */
export async function whyUntaught(DogSchool: Schools): Promise<{ readonly hint: string; readonly seen: Seen }> {
  const school = new DogSchool(new SlowRecorder())
  const id = await school.registerDog('Fido')
  const { seen, now, later } = await tried(school, 1, 'addTrick', id, 'roll over')
  const [saved] = seen.saves
  const hint = async () => {
    if (later.filter((name) => name === 'Registered').length > 1) return 'another-dog'
    if (later.length > now.length) return 'not-awaited'
    if (later.length > 2) return 'saved-twice'
    if (later.length === 2) return 'some-not-saved'
    if (seen.elsewhere > 0) return 'another-school'
    if (seen.collected > 0) return 'collected'
    if (seen.asked > 0) return 'asks-for-answer'
    if (saved?.what.length === 0) return 'saves-nobody'
    const isTaught = seen.steps.some((step) => step.endsWith('is pending'))
    if (saved?.pending === 0 && saved.tricks > 0) return 'past-the-dog'
    if (saved?.pending === 0) return isTaught ? 'saved-too-early' : 'not-taught'
    if (!seen.ended) return 'not-saved'
    const isTrick = (trick: unknown) => trick === 'roll over'
    if (!saved && (await knows(school, id, ({ tricks }) => isList(tricks) && tricks.some(isTrick))))
      return 'unsaved-memory'
    await school.addTrick('Fido', 'roll over').catch(() => undefined)
    return (await events(school)).length > 1 ? 'wrong-id' : 'not-saved'
  }
  return { hint: await hint(), seen }
}

async function events(school: School): Promise<string[]> {
  // A school that has closed itself has none: the example shows what it throws.
  const log = await school.notificationLog.select().catch(() => [])
  return log.map(({ name }) => name)
}

/** The same when more have come, or after a while. In small steps: a busy machine does not make what is under way come too late. */
async function eventsLater(school: School, now: readonly string[]): Promise<string[]> {
  for (let step = 0; step < 12; step++) {
    await sleep(5)
    const later = await events(school)
    if (later.length > now.length) return later
  }
  return [...now]
}
