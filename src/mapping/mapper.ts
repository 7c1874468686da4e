/**
 * DomainEvent ⇄ StoredEvent: the only place that knows JSON, compression and encryption.
 *
 * It decides which class a row belongs to and what became of its event; stored-form.ts has the form of the JSON.
 */
import {
  type AggregateClass,
  creationOf,
  definitionOf,
  type EventDefinition,
  eventsOf,
  originalOf,
} from '../aggregates/definition'
import { formerOf, presentForm } from '../aggregates/former'
import { CorruptEventError, EventSourcingError, UnknownTopicError } from '../errors'
import { DomainEvent, type LoggedEvent, type Metadata, noMetadata, owned } from '../events/event'
import { EventType } from '../events/event-type'
import { type PersonalKeys, placeOf } from '../events/personal'
import type { Notification, StateForm, StoredEvent } from '../port/recorder'
import { type Cipher, type Compressor, type Packing, packing } from './packing'
import { readState, type StateFields, writeState } from './stored-form'
import { Topics, topicParts } from './topics'

export interface MapperOptions {
  /** The part of a topic before the colon. */
  readonly module: string
  /** The classes that topics name: see `ApplicationOptions.aggregates`. */
  readonly aggregates?: Iterable<AggregateClass>
  readonly compressor?: Compressor
  readonly cipher?: Cipher
  readonly keys?: PersonalKeys
}

/** How the payload of an event is read. */
type Reading = Pick<EventDefinition, 'type' | 'keys'>

/** The event of a topic and, if known, its class, or the event type that no class records. */
interface Meaning {
  readonly name: string
  readonly type: AggregateClass | undefined
  readonly alone?: EventType | undefined
  readonly creation: Reading | undefined
  readonly definition: Reading | undefined
}

/** Turns events into what a recorder stores, and back. */
export class Mapper {
  /** The form in which this mapper needs states from a recorder. */
  readonly form: StateForm
  readonly topics: Topics
  readonly #options: MapperOptions
  readonly #packing: Packing
  readonly #meanings = new Map<string, Meaning>()
  #stamp = ''
  /** What the topics of one class mean, for its reader. */
  readonly #readers = new WeakMap<object, Map<string, Meaning>>()

  constructor(options: MapperOptions) {
    this.#options = options
    const { keys } = options
    if (keys !== undefined && typeof Object(keys).hide !== 'function')
      throw new TypeError('The option keys takes new SubjectKeys(), of dog-school/encryption')
    this.topics = new Topics(options.module, options.aggregates)
    this.#packing = packing(options)
    this.form = this.#packing.form
  }

  /** The stored form of an event of this class, or of this type, which no class records. */
  toStored(event: DomainEvent, owner: AggregateClass | EventType): StoredEvent {
    const alone = owner instanceof EventType
    const prefix = alone ? this.topics.prefixOf(owner) : `${this.topics.lastingTopicOf(owner)}.`
    const { aggregateId, version, name, timestamp, payload, metadata } = event
    const type = alone ? owner : definitionOf(owner, name, version === 1)?.type
    const topic = prefix + name
    if (alone) this.topics.eventOf(topic)
    const classVersion = 1 + (type?.upcasts.length ?? 0)
    const origin = version === 1 && prefix.endsWith('.') ? prefix.slice(0, -1) : undefined
    const hidden = type?.hide?.(payload, aggregateId, topic, this.#options.keys) ?? { payload }
    const text = writeState({ timestamp, metadata, classVersion, ...hidden }, origin)
    const stored = { aggregateId, version, topic, state: this.#packing.pack(text) }
    const tags = type?.tags?.(payload, { aggregateId })
    return tags ? { ...stored, tags } : stored
  }

  /**
   * The event in this row, in its present version if its class is known.
   *
   * @throws CorruptEventError, UnknownTopicError if it cannot be read; the message names the row
   */
  toDomain(stored: StoredEvent): DomainEvent {
    const meaning = this.#meaningOf(stored)
    return this.#read(stored, meaning.name, meaning.type ?? meaning.alone, definitionIn(meaning, stored))
  }

  /**
   * What this row means to a follower today: one event, several if it was split, none if it was retired.
   *
   * @throws as `toDomain`
   */
  present(stored: StoredEvent): readonly DomainEvent[] {
    const recorded = this.toDomain(stored)
    const { type } = this.#meaningOf(stored)
    const present = type?.former && presentForm(type, recorded)
    if (!present) return [recorded]
    const { aggregateId, version, timestamp, metadata } = recorded
    return present.map(
      ([{ name }, payload]) => new DomainEvent(name, payload, aggregateId, version, timestamp, type, metadata),
    )
  }

  /** What a row means today, as entries of the log. What has none of these names may be left out. */
  logged(row: Notification, names?: ReadonlySet<string>): LoggedEvent[] {
    const { id, topic, aggregateId, version } = row
    const meaning = this.#meaningOf(row)
    if (names && !meaning.type?.former && !names.has(meaning.name)) return []
    if (meaning.type?.former)
      return this.present(row).map(({ name, payload, timestamp, metadata }) =>
        entry({ id, topic, name, payload, aggregateId, version, timestamp }, meaning.type, metadata),
      )
    const { name, type, alone } = meaning
    const { timestamp, payload, metadata } = this.#opened(row, definitionIn(meaning, row))
    Object.freeze(payload)
    return [entry({ id, topic, name, payload, aggregateId, version, timestamp }, type ?? alone, metadata)]
  }

  /** @internal What the event in a row is in the code. @throws UnknownTopicError if several classes may be meant */
  meaningIn(stored: StoredEvent): { type: AggregateClass | undefined; definition: Reading | undefined } {
    const meaning = this.#meaningOf(stored)
    return { type: meaning.type, definition: definitionIn(meaning, stored) }
  }

  /** What a topic means; forgotten whenever there are more classes. */
  #meaningOf(stored: StoredEvent): Meaning {
    const stamp = this.topics.stamp
    if (stamp !== this.#stamp) this.#meanings.clear()
    this.#stamp = stamp
    const known = this.#meanings.get(stored.topic)
    if (known) return known
    const { type: topic, name } = topicParts(stored.topic, row(stored))
    const type = this.topics.classOf(topic)
    const meaning = meaningOf(name, type, type ? undefined : this.topics.eventOf(stored.topic))
    this.#meanings.set(stored.topic, meaning)
    return meaning
  }

  /**
   * Returns a function that reads events of one class, in their present version. It throws:
   *
   * @throws UnknownTopicError for an event of another class, or one that the class does not have
   * @throws CorruptEventError for a row that cannot be read; the message names the row
   */
  reader(type: AggregateClass): (stored: StoredEvent) => DomainEvent {
    const known = this.#readers.get(type) ?? new Map<string, Meaning>()
    this.#readers.set(type, known)
    return (stored) => {
      const meaning = known.get(stored.topic) ?? this.#meaningFor(stored, type)
      known.set(stored.topic, meaning)
      const definition = definitionIn(meaning, stored)
      if (!definition && !formerOf(type, meaning.name)) throw unknown(stored, meaning.name, type)
      return this.#read(stored, meaning.name, type, definition)
    }
  }

  #read(stored: StoredEvent, name: string, owner?: object, definition?: Reading): DomainEvent {
    const { timestamp, payload, metadata } = this.#opened(stored, definition)
    return new DomainEvent(name, Object.freeze(payload), stored.aggregateId, stored.version, timestamp, owner, metadata)
  }

  /** The contents of a row, in their present version if the event type is known. */
  #opened(stored: StoredEvent, definition: Reading | undefined): StateFields {
    const opened = this.open(stored)
    if (!definition) return opened
    const { type, keys } = definition
    const payload = type.read(opened.payload, opened.classVersion, keys, () => row(stored))
    return payload === opened.payload ? opened : { ...opened, payload }
  }

  #meaningFor(stored: StoredEvent, type: AggregateClass): Meaning {
    const { type: topic, name } = topicParts(stored.topic, row(stored))
    if (this.topics.classOf(topic, type) === originalOf(type)) return meaningOf(name, type)
    const why = this.topics.names(topic, type)
      ? `for which this application has another class of that name: give one of the two its own static topic`
      : `not a ${type.name}: import that class and load it as one, or list it in the application's aggregates; if ${type.name} had this name before, add \`static aliases = ['${topic}']\``
    throw new UnknownTopicError(`${row(stored)} belongs to a ${topic}, ${why}`)
  }

  /** @internal What a row holds, as it was recorded. @throws CorruptEventError if it cannot be read */
  open(stored: StoredEvent): StateFields {
    try {
      const fields = readState(this.#packing.unpack(stored.state))
      const shown = fields.personal !== undefined && this.#options.keys?.show(fields.personal, placeOf(stored))
      return shown ? { ...fields, payload: { ...fields.payload, ...shown } } : fields
    } catch (error) {
      // The row is not what is wrong: the keys of people cannot be asked.
      if (error instanceof EventSourcingError && !(error instanceof CorruptEventError)) throw error
      // A message of JSON.parse repeats a part of the text, which may be secret.
      const cause = error instanceof SyntaxError && this.#options.cipher ? new TypeError('it is not JSON') : error
      const advice = cause instanceof CorruptEventError ? '' : '. Check compressor, cipher and key, or restore a backup'
      throw new CorruptEventError(`${row(stored)} cannot be read: ${(cause as Error).message}${advice}`, { cause })
    }
  }

  /** Another text after somebody was forgotten: what was made of events before must be made again. */
  get generation(): string | undefined {
    return this.#options.keys?.generation
  }

  /**
   * The stored form of what was made of events, such as a snapshot: the text itself, or compressed and encrypted bytes.
   * Where people have keys, it cannot be read any more as soon as one of them is forgotten.
   *
   * @param generation that of when the events were read
   * @throws ForgottenError if somebody was forgotten since
   */
  pack(text: string, generation: string | undefined): string | Uint8Array {
    return this.#packing.pack(this.#options.keys?.seal(text, generation ?? '') ?? text)
  }
  /** @throws ForgottenError if somebody was forgotten since */
  unpack(state: string | Uint8Array): string {
    const text = this.#packing.unpack(state)
    return this.#options.keys?.unseal(text) ?? text
  }
}

const meaningOf = (name: string, type: AggregateClass | undefined, alone?: EventType): Meaning => ({
  name,
  type,
  alone,
  creation: type && definitionOf(type, name, true),
  definition: type ? definitionOf(type, name, false) : alone && { type: alone, keys: alone.fields ?? [] },
})

function unknown(stored: StoredEvent, name: string, type: AggregateClass): UnknownTopicError {
  const names = [creationOf(type).name, ...eventsOf(type).keys()].join(', ')
  return new UnknownTopicError(
    `${row(stored)} is a ${name}, but ${type.name} has no @event('${name}') (only ${names}): restore that name, or add it to static former`,
  )
}

/** Version 1 is the creation, which a method of the class may share its name with. */
const definitionIn = ({ creation, definition }: Meaning, { version }: StoredEvent): Reading | undefined =>
  version === 1 ? (creation ?? definition) : definition

const entry = (plain: LoggedEvent, type: object | undefined, metadata: Metadata = noMetadata): LoggedEvent =>
  owned(metadata === noMetadata ? plain : { ...plain, metadata }, type)

const row = (stored: StoredEvent): string => `Version ${stored.version} of ${stored.aggregateId}`
