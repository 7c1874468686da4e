/** The first word: what has happened, to whatever decides or follows. */
import { Aggregate } from '../aggregate'
import type { AggregateClass } from '../definition'
import { runOnAggregate } from './aggregates'
import { Situation } from './chain'
import { eventText, mustBeSaid, type SaidEvent } from './said'
import { Sentence } from './sentence'

/**
 * Begins a test that reads like the domain: `await given(Dog, Registered.of({ name: 'Fido' })).when((dog) =>
 * dog.addTrick('sit')).then(TrickAdded.of({ trick: 'sit' }))`. The words are those of behaviour-driven development.
 *
 * Of an aggregate: its class and its events so far; without any, the command returns a new one.
 */
export function given<A extends Aggregate>(type: AggregateClass<A>): Situation<[command: () => A | readonly A[]]>
export function given<A extends Aggregate>(
  type: AggregateClass<A>,
  ...events: SaidEvent[]
): Situation<[command: (aggregate: A) => unknown]>
export function given(subject: unknown, ...events: SaidEvent[]): unknown {
  mustBeSaid(events, 'given()')
  if (!isAggregateClass(subject)) throw new TypeError('given() takes a class of aggregates, an application…')
  const run = (command: (aggregate: Aggregate) => unknown) => runOnAggregate(subject, events, command)
  return new Situation(new Sentence(events.map(eventText), given), run, codeOf)
}

const isAggregateClass = (subject: unknown): subject is AggregateClass<Aggregate> =>
  typeof subject === 'function' && subject.prototype instanceof Aggregate

/** A command as it is written, if it is short. */
function codeOf(command: unknown): string {
  if (typeof command !== 'function') throw new TypeError(`when() takes a function: when((dog) => dog.addTrick('sit'))`)
  const text = Function.prototype.toString.call(command).replace(/\s+/g, ' ')
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`
}
