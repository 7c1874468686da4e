/**
 * Which stored names an event type has in an application, and whose event a new one is.
 *
 * Slices read and write the events that aggregates record: what a class records has its topic and its fields, whoever
 * decided on it. What is not the first event of its aggregate follows on to whatever is there, which only the recorder
 * knows for certain.
 */
import {
  type AggregateClass,
  decoratedClasses,
  definitionOf,
  type EventDefinition,
  isOneOf,
} from '../aggregates/definition'
import { AggregateNotFoundError, InvalidPayloadError } from '../errors'
import { DomainEvent, NewEvent, newId, now } from '../events/event'
import type { EventType } from '../events/event-type'
import type { Mapper } from '../mapping/mapper'
import { type Topics, topicParts } from '../mapping/topics'
import type { Recorder } from '../port/recorder'
import { outOfTurn } from '../refusals'
import type { Payload } from '../values/value'

/** What was found, until there are more classes. */
const known = new WeakMap<Topics, { readonly stamp: string; readonly topics: Map<EventType, readonly string[]> }>()

/** The topics under which events of this type are stored, former ones too, and that of a Python script. */
export function topicsOf(type: EventType, topics: Topics): readonly string[] {
  const { stamp } = topics
  const last = known.get(topics)
  const found = last?.stamp === stamp ? last.topics : new Map<EventType, readonly string[]>()
  if (found !== last?.topics) known.set(topics, { stamp, topics: found })
  const all = found.get(type) ?? namesOf(type, topics)
  found.set(type, all)
  return all
}

function namesOf(type: EventType, topics: Topics): readonly string[] {
  // No class may have recorded it before there was one.
  const found = new Set([topics.prefixOf(type) + type.name])
  const named = classNamedBy(type, topics)
  for (const owner of classesIn(topics))
    if (owner === named || recorded(owner, type, true) || recorded(owner, type, false))
      for (const topic of topicsOfClass(owner, topics))
        for (const name of [type.name, ...Object.keys(owner.former ?? {})]) found.add(`${topic}.${name}`)
  return [...found]
}

const classesIn = (topics: Topics): Set<AggregateClass> => new Set([...decoratedClasses, ...topics.used])

const topicOf = (owner: AggregateClass, topics: Topics): string =>
  topics.whole((Object.hasOwn(owner, 'topic') ? owner.topic : undefined) ?? owner.name)

/** Its present topic and its former ones. */
function topicsOfClass(owner: AggregateClass, topics: Topics): readonly string[] {
  const aliases = Object.hasOwn(owner, 'aliases') ? owner.aliases : undefined
  return [
    topicOf(owner, topics),
    ...[...(aliases ?? []), owner.name, `__main__:${owner.name}`].map((name) => topics.whole(name)),
  ]
}

/** What the class applies for an event of this very type, as its first one or later. */
function recorded(owner: AggregateClass, type: EventType, isFirst: boolean): EventDefinition | undefined {
  try {
    const found = definitionOf(owner, type.name, isFirst)
    return found?.type === type ? found : undefined
  } catch {
    // A class that others extend may have no first event, and one that is wrong records nothing.
    return undefined
  }
}

/** The class that is named by the type, which is not the one of its `@event`. */
function classNamedBy({ topic, isRecorded }: EventType, topics: Topics): AggregateClass | undefined {
  return topic === undefined || isRecorded ? undefined : topics.classOf(topics.whole(topic))
}

/** Of each aggregate that is known to exist, the topic of its class. */
export type Histories = Map<string, string | undefined>

/**
 * New events as those of their aggregates: the first one with version 1, later ones with version 0, for the next one.
 *
 * @throws AggregateNotFoundError if there is no such aggregate, and this is not how one begins
 * @throws VersionConflictError if this is how one begins, and it exists
 * @throws TypeError if it is not known whose event it is, or if that aggregate has no such event
 */
export async function placed(
  events: readonly NewEvent<object>[],
  { recorder, mapper }: { readonly recorder: Recorder; readonly mapper: Mapper },
  histories: Histories,
): Promise<readonly DomainEvent[]> {
  const all: DomainEvent[] = []
  const { topics } = mapper
  for (const event of events) {
    const { name, aggregateId: id = newId() } = event
    if (event.aggregateId !== undefined && !histories.has(id)) {
      const [first] = await recorder.select(id, { limit: 1, as: mapper.form })
      histories.set(id, first && topicParts(first.topic, `Version 1 of ${id}`).type)
    }
    const topic = histories.get(id)
    const type = NewEvent.typeOf(event) as EventType
    const whose = topic === undefined ? begun(event, type, topics) : continued(event, type, topics, topic)
    const payload = whose.definition ? fitted(whose.definition, event, type) : (event.payload as Payload)
    all.push(new DomainEvent(name, payload, id, topic === undefined ? 1 : 0, now(), whose.owner))
    histories.set(id, whose.definition ? topics.topicOf(whose.owner) : topics.prefixOf(type).slice(0, -1))
  }
  return all
}

/** Whose event it is: of a class, as it defines it, or of none. */
type Whose =
  | { readonly owner: AggregateClass; readonly definition: EventDefinition }
  | { readonly owner: EventType; readonly definition?: undefined }

/** The first event of a history. */
function begun({ aggregateId }: NewEvent<object>, type: EventType, topics: Topics): Whose {
  const named = classNamedBy(type, topics)
  const definition = named && definitionOf(named, type.name, true)
  if (named && definition) return { owner: named, definition }
  const begins = (each: AggregateClass) => recorded(each, type, true) !== undefined
  const own = topics.used.filter(begins)
  // Of classes of one name, as after a reload, the application knows which it has.
  const all = () =>
    [...classesIn(topics)].filter((each) => begins(each) && topics.classOf(topicOf(each, topics)) === each)
  const found = own.length > 0 ? own : all()
  const owner = found.find((each) => found.every((other) => isOneOf(each, other)))
  if (owner) return { owner, definition: recorded(owner, type, true) as EventDefinition }
  if (found.length > 0)
    throw new TypeError(
      `${type.name} begins ${found.map(({ name }) => `a ${name}`).join(' and ')}, so a slice cannot tell which: give each an event type of its own`,
    )
  if (!type.isRecorded && !named) return { owner: type }
  const later = named ?? [...classesIn(topics)].find((each) => recorded(each, type, false))
  const what = `a ${later?.name ?? 'class'}`
  if (aggregateId !== undefined)
    throw new AggregateNotFoundError(
      `There is nothing with the id ${aggregateId}, and ${type.name} is not how ${what} begins: is it the right id, and the right database?`,
    )
  throw new TypeError(`${type.name} is not how ${what} begins: say whose it is, ${type.name}.of({ … }, id)`)
}

/** A later event of a history, whose class has this topic. */
function continued(
  { aggregateId: id = '', ...event }: NewEvent<object>,
  type: EventType,
  topics: Topics,
  topic: string,
): Whose {
  const owner = topics.classOf(topic)
  if (!owner && !type.isRecorded && topics.prefixOf(type).slice(0, -1) === topic) return { owner: type }
  const isOurs = (found: EventDefinition | undefined) => found?.type === type || owner === classNamedBy(type, topics)
  const definition = owner && definitionOf(owner, type.name, false)
  if (owner && definition && isOurs(definition)) return { owner, definition }
  const creation = owner && definitionOf(owner, type.name, true)
  if (creation && isOurs(creation)) throw outOfTurn(id, 1, 2)
  throw new TypeError(
    `${event.name} is no event of ${id}, which is recorded as a ${topic}: is it the right id? An event of no aggregate needs none`,
  )
}

/** Its payload, as the class records it. @throws InvalidPayloadError if it has other fields */
function fitted(definition: EventDefinition, { payload, ...event }: NewEvent<object>, type: EventType): Payload {
  const { keys, type: own } = definition
  const fields = payload as Payload
  const other = Object.keys(fields).find((key) => !keys.includes(key))
  if (other !== undefined)
    throw new InvalidPayloadError(`${event.name}: '${other}' is no parameter of ${definition.label}: leave it out`)
  // Without a schema, only the class knows which fields there must be, and in which order.
  return own.schema && own === type ? fields : definition.payload(keys.map((key) => fields[key]))
}
