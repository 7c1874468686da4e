/**
 * DomainEvent ⇄ StoredEvent: the only place that knows JSON, compression and encryption.
 *
 * The form is that of the Python library `eventsourcing`, byte for byte, so that either opens what the other
 * wrote: `timestamp` first, `originator_topic` with the first event, then the payload in the order of the
 * parameters, `_metadata` where there is any, `class_version` last and only above 1; no spaces; values with a type of
 * their own as `{"_type_":…,"_data_":…}` (see json.ts).
 */
import { type AggregateClass, creationOf, type EventDefinition, eventsOf, presentForm } from './definition'
import { CorruptEventError, UnknownTopicError } from './errors'
import { DomainEvent, type Metadata } from './event'
import { decode, encode } from './json'
import type { StateForm, StoredEvent } from './recorder'
import { Topics, topicParts } from './topics'
import { encodeTyped } from './value'

/** Makes states smaller: `zlib.deflateSync` and `inflateSync`, as Python's zlib. */
export interface Compressor {
  compress(bytes: Uint8Array): Uint8Array
  decompress(bytes: Uint8Array): Uint8Array
}

/** Makes states unreadable without a key. What was compressed is encrypted, not the other way round. */
export interface Cipher {
  encrypt(bytes: Uint8Array): Uint8Array
  decrypt(bytes: Uint8Array): Uint8Array
}

export interface MapperOptions {
  /** What stands before the colon of a topic. */
  readonly module: string
  readonly compressor?: Compressor
  readonly cipher?: Cipher
}

type Json = Record<string, unknown>
interface Opened {
  readonly timestamp: string
  readonly payload: Json
  readonly classVersion: number
  readonly metadata?: Metadata | undefined
}
/** What a topic stands for: its event and, where it is known, its class. */
interface Meaning {
  readonly name: string
  readonly type: AggregateClass | undefined
  readonly creation: EventDefinition | undefined
  readonly definition: EventDefinition | undefined
}
const prefix = '{"timestamp":{"_type_":"datetime_iso","_data_":"'
const [encoder, decoder] = [new TextEncoder(), new TextDecoder('utf-8', { fatal: true })]

/** Turns events into what a recorder keeps, and back. */
export class Mapper {
  /** How this mapper wants states from a recorder. */
  readonly form: StateForm
  readonly topics: Topics
  readonly #options: MapperOptions
  readonly #meanings = new Map<string, Meaning>()
  #stamp = ''
  readonly #readers = new WeakMap<object, Map<string, EventDefinition | undefined>>()

  constructor(options: MapperOptions) {
    this.#options = options
    this.topics = new Topics(options.module)
    this.form = options.compressor || options.cipher ? 'bytes' : 'text'
  }

  /** An event of an aggregate of this class, as it is stored. */
  toStored(event: DomainEvent, type: AggregateClass, metadata: Metadata = event.metadata): StoredEvent {
    const topic = this.topics.topicOf(type)
    const definition = event.version === 1 ? creationOf(type) : eventsOf(type).get(event.name)
    const { length } = definition?.type.upcasts ?? []
    const creation = event.version === 1 ? `,"originator_topic":${JSON.stringify(topic)}` : ''
    const about = Object.keys(metadata).length > 0 ? `,"_metadata":${encode(metadata)}` : ''
    const version = length > 0 ? `,"class_version":${length + 1}` : ''
    const fields = encode(event.payload).slice(1, -1)
    const state = `${prefix}${event.timestamp}"}${creation}${fields && `,${fields}`}${about}${version}}`
    return {
      aggregateId: event.aggregateId,
      version: event.version,
      topic: `${topic}.${event.name}`,
      state: this.pack(state),
    }
  }

  /** The topic of a class, see `Topics.topicOf`. */
  topicOf(type: AggregateClass): string {
    return this.topics.topicOf(type)
  }

  /** Does this topic name the class, see `Topics.names`. */
  names(topic: string, type: AggregateClass): boolean {
    return this.topics.names(topic, type)
  }

  /**
   * The event in this row, brought to the present version where its class is known.
   *
   * @throws CorruptEventError, UnknownTopicError for what cannot be read; the message names the row
   */
  toDomain(stored: StoredEvent): DomainEvent {
    const { name, type, creation, definition } = this.#meaningOf(stored)
    return this.#read(stored, name, type, stored.version === 1 ? (creation ?? definition) : definition)
  }

  /**
   * What this row means to a follower today: one event, several where it was split, none where it was retired.
   *
   * @throws as `toDomain`
   */
  present(stored: StoredEvent): readonly DomainEvent[] {
    const recorded = this.toDomain(stored)
    const { type, definition } = this.#meaningOf(stored)
    if (!type?.former || stored.version === 1 || definition) return [recorded]
    const { name, aggregateId, version, timestamp, metadata } = recorded
    return (presentForm(type, name, recorded.payload) ?? [[recorded, recorded.payload] as const]).map(
      ([{ name }, payload]) => new DomainEvent(name, payload, aggregateId, version, timestamp, type, metadata),
    )
  }

  /** What a topic means, looked up anew once there are more classes. */
  #meaningOf(stored: StoredEvent): Meaning {
    const stamp = this.topics.stamp
    if (stamp !== this.#stamp) this.#meanings.clear()
    this.#stamp = stamp
    const known = this.#meanings.get(stored.topic)
    if (known) return known
    const { type: topic, name } = topicParts(stored.topic, row(stored))
    const type = this.topics.classOf(topic)
    const creation = type && creationOf(type)
    const meaning = {
      name,
      type,
      creation: creation?.name === name ? creation : undefined,
      definition: type && eventsOf(type).get(name),
    }
    this.#meanings.set(stored.topic, meaning)
    return meaning
  }

  /**
   * A function that reads the events of one class, brought to their present version.
   *
   * @throws UnknownTopicError for an event of another class, or one that the class does not know
   * @throws CorruptEventError for what cannot be read; the message names the row
   */
  reader(type: AggregateClass): (stored: StoredEvent) => DomainEvent {
    const known = this.#readers.get(type) ?? new Map<string, EventDefinition | undefined>()
    this.#readers.set(type, known)
    return (stored) => {
      let definition = known.get(stored.topic)
      if (!definition) {
        definition = this.#definition(stored, type)
        known.set(stored.topic, definition)
      }
      const name = definition?.name ?? topicParts(stored.topic, row(stored)).name
      return this.#read(stored, name, type, definition)
    }
  }

  #read(stored: StoredEvent, name: string, type?: AggregateClass, definition?: EventDefinition): DomainEvent {
    const { timestamp, payload, classVersion, metadata } = this.#open(stored)
    const read = definition ? definition.type.read(payload, classVersion, definition.keys, () => row(stored)) : payload
    return new DomainEvent(name, Object.freeze(read), stored.aggregateId, stored.version, timestamp, type, metadata)
  }

  #definition(stored: StoredEvent, type: AggregateClass): EventDefinition | undefined {
    const { type: topic, name } = topicParts(stored.topic, row(stored))
    if (!this.topics.names(topic, type))
      throw new UnknownTopicError(
        `${row(stored)} happened to a ${topic}, not to a ${type.name}: load it as that class (it must be imported); if ${type.name} was called so once, give it \`static aliases = ['${topic}']\``,
      )
    const definition = this.#known(stored, type, name)
    if (definition || (type.former && Object.hasOwn(type.former, name))) return definition
    const names = [creationOf(type).name, ...eventsOf(type).keys()].join(', ')
    throw new UnknownTopicError(
      `${row(stored)} is a ${name}, and ${type.name} has no @event('${name}') (it has ${names}): a method may be renamed, the name in its @event may not`,
    )
  }

  #known(stored: StoredEvent, type: AggregateClass, name: string): EventDefinition | undefined {
    const creation = creationOf(type)
    return stored.version === 1 && creation.name === name ? creation : eventsOf(type).get(name)
  }

  #open(stored: StoredEvent): Opened {
    try {
      const text = this.unpack(stored.state)
      // Nearly every state starts in the same way: what is behind the timestamp is parsed alone.
      const end = text.startsWith(prefix) ? text.indexOf('"', prefix.length) : -1
      const fast = end > 0 && text[end + 1] === '}' && (text[end + 2] === ',' || text[end + 2] === '}')
      const rest = fast ? `{${text.slice(end + (text[end + 2] === ',' ? 3 : 2))}` : text
      const fields = decode(rest) as Json
      if (fields === null || typeof fields !== 'object' || Array.isArray(fields))
        throw new TypeError('it is not an object')
      const timestamp = fast ? text.slice(prefix.length, end) : timestampOf(fields)
      if (!fast || stored.version === 1 || 'class_version' in fields || '_metadata' in fields)
        return stripped(fields, timestamp)
      return { timestamp, payload: fields, classVersion: 1 }
    } catch (error) {
      throw new CorruptEventError(
        `${row(stored)} cannot be read: ${(error as Error).message}. ${this.form === 'text' ? 'If it is compressed or encrypted, open the store with the same compressor and cipher' : 'Is this the compressor and the key that it was written with?'}; if not, restore the row from a backup`,
        { cause: error },
      )
    }
  }

  /** A state as it is stored: as text, or compressed and encrypted. */
  pack(text: string): string | Uint8Array {
    if (this.form === 'text') return text
    const { compressor, cipher } = this.#options
    const bytes = encoder.encode(text)
    const small = compressor ? compressor.compress(bytes) : bytes
    return cipher ? cipher.encrypt(small) : small
  }
  unpack(state: string | Uint8Array): string {
    if (this.form === 'text') return typeof state === 'string' ? state : decoder.decode(state)
    const { compressor, cipher } = this.#options
    const bytes = typeof state === 'string' ? encoder.encode(state) : state
    const small = cipher ? cipher.decrypt(bytes) : bytes
    return decoder.decode(compressor ? compressor.decompress(small) : small)
  }
}

const row = (stored: StoredEvent): string => `Version ${stored.version} of ${stored.aggregateId}`

function timestampOf({ timestamp }: Json): string {
  if (timestamp instanceof Date) return String(encodeTyped(timestamp)?.data)
  throw new TypeError("it has no 'timestamp'")
}

function stripped(fields: Json, timestamp: string): Opened {
  const { timestamp: _, originator_topic: __, class_version: classVersion = 1, _metadata: about, ...payload } = fields
  if (typeof classVersion !== 'number') throw new TypeError(`its class_version is ${String(classVersion)}`)
  return { timestamp, payload, classVersion, metadata: about as Metadata | undefined }
}
