/**
 * `defineEvent`: an event type with a schema, upcasts, tags, and new events that belong to no aggregate yet.
 *
 * Apart from the class of event types, so that a program with short names alone, `@event('TrickAdded')`, has none of it.
 */
import { CorruptEventError, InvalidPayloadError } from '../errors'
import { copyValue, type Payload } from '../values/value'
import { NewEvent } from './event'
import { definedTypes, type EventOptions, EventType, isList, type Powers, type Tags, type Upcast } from './event-type'
import { hiding } from './personal'
import { checked, type EventSchema, keysOf } from './schema'

/** Applies the upcasts that the version in the store needs. */
function upcast({ name, upcasts }: EventType, stored: Payload, classVersion: number, row: () => string): Payload {
  let payload = stored
  for (let i = classVersion - 1; i < upcasts.length; i++)
    try {
      payload = (upcasts[i] as Upcast)(payload)
      if (typeof payload !== 'object' || payload === null) throw new TypeError('it returned no payload')
    } catch (cause) {
      throw new CorruptEventError(
        `${row()}, upcast ${i + 1} of ${name} failed: ${(cause as Error).message}. It must accept what was recorded`,
        { cause },
      )
    }
  return payload
}

/** See `EventType.of`. */
function newEvent(type: EventType, given: Payload, aggregateId?: string): NewEvent {
  const { name, fields, schema } = type
  const payload = { ...given }
  const label = `${name}.of()`
  const other = fields && Object.keys(payload).find((key) => !fields.includes(key))
  if (other !== undefined)
    throw new InvalidPayloadError(`${label}: '${other}' is not one of its fields (${fields?.join(', ')}): leave it out`)
  // In the order in which an aggregate records them.
  const ordered = Object.fromEntries((fields ?? Object.keys(payload)).map((key) => [key, payload[key]]))
  const missing = schema ? undefined : Object.keys(ordered).find((key) => ordered[key] === undefined)
  if (missing !== undefined)
    throw new InvalidPayloadError(`${label} needs '${missing}': pass it, or null if there is none`)
  const whole = schema ? type.validated(ordered, label) : ordered
  for (const field of Object.keys(whole)) type.mustBeFree(field)
  return new NewEvent(type, name, copyValue(whole, true, label) as Payload, aggregateId)
}

/** Its tags, if they are a list of strings. */
function listed(name: string, tags: Tags): Tags {
  if (typeof tags !== 'function')
    throw new TypeError(`The tags of ${name} are a function: ({ course }) => ['course:' + course]`)
  return (payload, about) => {
    const found: unknown = tags(payload, about)
    if (isList(found) && found.every((tag) => typeof tag === 'string' && tag !== '')) return found
    throw new TypeError(`The tags of ${name} are not a list of strings: return ['dog:' + aggregateId]`)
  }
}

const powers: Powers = { fieldsOf: keysOf, check: checked, create: newEvent, upcast }

/**
 * A type of event as a value: `@event(TrickAdded)` records it, `TrickAdded.is(event)` recognises it, and
 * `on(TrickAdded, …)` handles it in a projection. A schema names, checks and completes the fields at the call; a list
 * only names them; without either, the fields have the names of the parameters. `TrickAdded.of({ trick })` is a new event.
 *
 * @throws TypeError for a name or a field that cannot be stored
 */
export function defineEvent<N extends string>(
  name: N,
  fields?: readonly string[],
  options?: EventOptions | readonly Upcast[],
): EventType<N>
export function defineEvent<N extends string, I extends object, O extends object>(
  name: N,
  schema: EventSchema<I, O>,
  options?: EventOptions<I | O, NoInfer<O>> | readonly Upcast[],
): EventType<N, I, O>
export function defineEvent(
  name: string,
  carries?: EventSchema | readonly string[],
  options: EventOptions | readonly Upcast[] = {},
): EventType {
  const all: EventOptions = Array.isArray(options) ? { upcasts: options } : (options as EventOptions)
  const tags = all.tags === undefined ? undefined : listed(name, all.tags)
  if (all.topic !== undefined && !/^([^:\s]+:)?[^:\s]*[^:\s.]$/.test(all.topic))
    throw new TypeError(`The topic of ${name} is '${all.topic}', not the stored name of a class: 'Dog' or 'kennel:Dog'`)
  const hide = all.personal && hiding(name, all.personal, all.recorded ?? (isList(carries) ? undefined : carries))
  const type = new EventType(name, carries, { ...all, tags }, powers, hide)
  definedTypes.push(type)
  return type
}
