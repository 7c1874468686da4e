/** A situation of one aggregate: what has happened to it, a command on it, and the events that the command records. */
import { Aggregate, lifeOf } from '../aggregates/aggregate'
import type { AggregateClass } from '../aggregates/definition'
import { DomainEvent, idForm, now } from '../events/event'
import { copyValue, type Payload } from '../values/value'
import { compareValues, type Mismatch } from './compare'
import { attempt, type Outcome } from './outcome'
import type { SaidEvent } from './said'

/** Replays these events, runs the command on the aggregate, and collects what it, and what it returns, has recorded. */
export async function runOnAggregate<A extends Aggregate>(
  type: AggregateClass<A>,
  given: readonly SaidEvent[],
  command: (aggregate: A) => unknown,
): Promise<Outcome> {
  const past = pastOf(type, given)
  if (past.length === 0 && command.length > 0)
    throw new TypeError(
      `There is no ${type.name} yet: say what has happened, given(${type.name}, …events), or make one, when(() => new ${type.name}(…))`,
    )
  const aggregate =
    past.length > 0 ? Aggregate.replay.call<AggregateClass<A>, [DomainEvent[]], A>(type, past) : undefined
  const { result, thrown } = await attempt(() => command(aggregate as A))
  const returned = (Array.isArray(result) ? result : [result]).filter((each) => lifeOf(Object(each)))
  const touched = [...new Set<Aggregate>([...(aggregate ? [aggregate] : []), ...returned])]
  if (!thrown && touched.length === 0)
    throw new TypeError(
      `The command must return the new ${type.name}, as in when(() => new ${type.name}(…)); it returned ${result}`,
    )
  const recorded = touched.flatMap((each) => [...each.pendingEvents])
  const wrong = touched.map((each) => beside(each, each === aggregate ? past : [])).find((each) => each !== undefined)
  return { recorded, wrong, ...(thrown && { thrown }) }
}

/** The events of one aggregate, with what a test need not say: id, versions, times. */
function pastOf(type: AggregateClass, given: readonly SaidEvent[]): DomainEvent[] {
  const said = given.find(({ aggregateId }) => aggregateId !== undefined)?.aggregateId
  const id = idForm(said ?? type.name)
  return given.map((event, i) => {
    const { name, payload, aggregateId = id, version = i + 1, timestamp = now(), metadata } = event
    const frozen = copyValue(payload, true, name) as Payload
    return new DomainEvent(
      name,
      frozen,
      idForm(aggregateId),
      version,
      timestamp,
      DomainEvent.ownerOf(event) ?? type,
      metadata,
    )
  })
}

/** What a command has changed without an event, which is gone when the aggregate is loaded the next time. */
function beside(aggregate: Aggregate, past: readonly DomainEvent[]): Mismatch | undefined {
  const life = lifeOf(aggregate)
  const events = [...past, ...aggregate.pendingEvents]
  // An aggregate in doubt is never saved; of one that was loaded elsewhere, the past is not known.
  if (!life || life.doubt || events[0]?.version !== 1) return undefined
  const replayed = () => Aggregate.replay.call(life.type as AggregateClass<Aggregate>, events)
  const one = replayed()
  // What differs in two replays cannot be compared: a Promise, for example.
  if (!same(one, replayed()) || same(one, aggregate)) return undefined
  return compareValues('the command changed the state without an event', { ...one }, { ...aggregate })
}

const same = (one: Aggregate, two: Aggregate): boolean => Aggregate.prototype.equals.call(one, two)
