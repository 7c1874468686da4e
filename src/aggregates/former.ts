/**
 * What became of events that a class no longer records: `static former`.
 */

import { CorruptEventError } from '../errors'
import type { DomainEvent } from '../events/event'
import type { Payload } from '../values/value'
import { type AggregateClass, definitionOf, type EventDefinition, type FormerEvents } from './definition'

/** What a class says about an event that it no longer records, if anything. */
export const formerOf = ({ former = {} }: AggregateClass, name: string): FormerEvents[string] | undefined =>
  Object.hasOwn(former, name) ? former[name] : undefined

/**
 * What an event means today: itself, or what `static former` says it has become. Undefined if it is unknown.
 *
 * @throws CorruptEventError if `static former` makes of it what the class cannot apply
 */
export function presentForm(
  type: AggregateClass,
  { name, payload, version, aggregateId }: DomainEvent,
): readonly (readonly [EventDefinition, Payload])[] | undefined {
  const own = definitionOf(type, name, version === 1)
  if (own) return [[own, payload]]
  const become = formerOf(type, name)
  if (!become) return undefined
  try {
    const present = listed(become(payload)).map(([now, carried], i) => {
      const isFirst = version === 1 && i === 0
      const definition = definitionOf(type, now, isFirst)
      if (!definition) throw new TypeError(`there is no @event('${now}')${isFirst ? ' above the class' : ''}`)
      mustFit(definition, carried)
      return [definition, carried] as const
    })
    if (version > 1 || present.length > 0) return present
    throw new TypeError('an aggregate needs its first event')
  } catch (cause) {
    throw new CorruptEventError(
      `Version ${version} of ${aggregateId}: static former of ${type.name} fails for ${name}: ${(cause as Error).message}`,
      { cause },
    )
  }
}

/** What `static former` returned, if it is a list of names with payloads. */
function listed(found: ReturnType<FormerEvents[string]>): typeof found {
  if (Array.isArray(found) && found.every((each) => Array.isArray(each) && Object(each[1]) === each[1])) return found
  throw new TypeError("it must return a list of events, such as [['Renamed', { name }]], or [] for none")
}

/** A body would be given undefined for a field that is missing or misspelt. */
function mustFit({ name, keys, type }: EventDefinition, payload: Payload): void {
  const given = Object.keys(payload).filter((key) => payload[key] !== undefined)
  const missing = keys.find((key) => !given.includes(key))
  if (missing !== undefined && (!type.schema || given.some((key) => !keys.includes(key))))
    throw new TypeError(`${name} needs '${missing}', but is given only { ${given.join(', ')} }`)
}
