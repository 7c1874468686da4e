/** The first word: what has happened, to whatever decides or follows. */
import { Aggregate } from '../aggregates/aggregate'
import type { AggregateClass } from '../aggregates/definition'
import { Application } from '../application'
import { NewEvent } from '../events/event'
import { runOnAggregate } from './aggregates'
import { isPolicy, type Policy, react, runOnApplication } from './applications'
import { Situation } from './chain'
import { attempt, type Outcome } from './outcome'
import { type MakesProjection, ViewSituation } from './projections'
import { eventsText, mustBeSaid, type SaidEvent } from './said'
import { Sentence } from './sentence'
import { show } from './show'

/** A slice: it decides without a store. */
export interface Decider<C extends readonly unknown[]> {
  decide(given: readonly NewEvent<object>[], ...params: C): readonly SaidEvent[]
}

/**
 * Begins a test that reads like the domain: `await given(Dog, Registered.of({ name: 'Fido' })).when((dog) =>
 * dog.addTrick('sit')).then(TrickAdded.of({ trick: 'sit' }))`. The words are those of behaviour-driven development.
 *
 * - a class of aggregates, and events of one of them; without any, the command returns a new one
 * - an application, whose log has these events of aggregates then; the command is one of its methods, say
 * - a process application, and `when(…events)` that are recorded elsewhere
 * - a slice, and `when(…its parameters)`
 * - a function that makes a projection of a log, and `then(view)`
 *
 * @throws TypeError for anything else
 */
export function given<V>(projection: MakesProjection<V>, ...events: SaidEvent[]): ViewSituation<V>
export function given<A extends Aggregate>(type: AggregateClass<A>): Situation<[command: () => A | readonly A[]]>
export function given<A extends Aggregate>(
  type: AggregateClass<A>,
  ...events: SaidEvent[]
): Situation<[command: (aggregate: A) => unknown]>
export function given<P extends Policy>(
  policy: P,
  ...events: SaidEvent[]
): Situation<[command: (policy: P) => unknown] | SaidEvent[]>
export function given<A extends Application>(
  application: A,
  ...events: SaidEvent[]
): Situation<[command: (application: A) => unknown]>
export function given<C extends readonly unknown[]>(slice: Decider<C>, ...events: SaidEvent[]): Situation<C>
export function given(subject: unknown, ...events: SaidEvent[]): unknown {
  mustBeSaid(events, 'given()')
  const begun = () => new Sentence(() => eventsText(events), given)
  const situation = (run: (...command: never[]) => Promise<Outcome>, text: (...command: never[]) => string = codeOf) =>
    new Situation(begun(), run, text)
  if (isAggregateClass(subject))
    return situation((command: (aggregate: Aggregate) => unknown) => runOnAggregate(subject, events, command))
  if (subject instanceof Application && isPolicy(subject))
    return situation((...what: unknown[]) => runOnApplication(subject, events, reaction(what)), reactionText)
  if (subject instanceof Application)
    return situation((command: (application: Application) => unknown) => runOnApplication(subject, events, command))
  if (isDecider(subject)) return situation((...params) => decided(subject, events, params), paramsText)
  if (typeof subject === 'function' && !/^class\b/.test(String(subject)))
    return new ViewSituation(begun(), subject as MakesProjection<unknown>, events)
  throw new TypeError(
    `given() takes a class of aggregates, an application, a slice, or a function that makes a projection, not ${show(subject)}`,
  )
}

const isAggregateClass = (subject: unknown): subject is AggregateClass<Aggregate> =>
  typeof subject === 'function' && subject.prototype instanceof Aggregate

const isDecider = (subject: unknown): subject is Decider<unknown[]> => typeof Object(subject).decide === 'function'

async function decided(slice: Decider<unknown[]>, given: readonly SaidEvent[], params: unknown[]): Promise<Outcome> {
  const events = given.map((event) => {
    if (event instanceof NewEvent) return event as NewEvent<object>
    throw new TypeError(`given(slice) takes events with a type: ${event.name}.of({ … })`)
  })
  const { result, thrown } = await attempt(() => slice.decide(events, ...params))
  return { recorded: (result ?? []) as readonly SaidEvent[], ...(thrown && { thrown }) }
}

/** A command on a process application, or events elsewhere that it reacts to. */
const reaction = (what: unknown[]): ((policy: Policy) => unknown) =>
  typeof what[0] === 'function' ? (what[0] as () => unknown) : (policy) => react(policy, what as SaidEvent[])

function reactionText(...what: unknown[]): string {
  if (typeof what[0] === 'function') return codeOf(what[0])
  mustBeSaid(what, 'when()')
  return eventsText(what)
}

const paramsText = (...params: unknown[]): string => params.map(show).join(', ')

/** A command as it is written, if it is short. */
function codeOf(command: unknown): string {
  if (typeof command !== 'function') throw new TypeError(`when() takes a function: when((dog) => dog.addTrick('sit'))`)
  const text = Function.prototype.toString.call(command).replace(/\s+/g, ' ')
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`
}
