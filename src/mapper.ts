/**
 * DomainEvent ⇄ StoredEvent: the only place that knows JSON, compression and encryption.
 *
 * The form is that of the Python library `eventsourcing`, byte for byte, so that either opens what the other
 * wrote: `timestamp` first, `originator_topic` with the first event, then the payload in the order of the
 * parameters, `class_version` last and only above 1; no spaces; values with a type of their own as
 * `{"_type_":…,"_data_":…}` (see json.ts).
 */
import { type AggregateClass, creationOf, type EventDefinition, eventsOf } from './definition'
import { CorruptEventError, UnknownTopicError } from './errors'
import { DomainEvent } from './event'
import { decode, encode } from './json'
import { transcodingOf } from './payload'
import type { StateForm, StoredEvent } from './recorder'

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
const prefix = '{"timestamp":{"_type_":"datetime_iso","_data_":"'
const [encoder, decoder] = [new TextEncoder(), new TextDecoder('utf-8', { fatal: true })]

export class Mapper {
  /** How this mapper wants states from a recorder. */
  readonly form: StateForm
  readonly #options: MapperOptions
  readonly #readers = new WeakMap<object, Map<string, EventDefinition>>()

  constructor(options: MapperOptions) {
    this.#options = options
    this.form = options.compressor || options.cipher ? 'bytes' : 'text'
  }

  /** The topic of a class: its literal one, or `<module>:<class>`. */
  topicOf(type: AggregateClass): string {
    const name = Object.hasOwn(type, 'topic') && type.topic ? type.topic : type.name
    return name.includes(':') ? name : `${this.#options.module}:${name}`
  }

  /** Does this topic name the class: now, once (an alias), or in a Python script (`__main__:Dog`)? */
  names(topic: string, type: AggregateClass): boolean {
    if (topic === this.topicOf(type) || type.aliases?.includes(topic)) return true
    return topic === `__main__:${type.name}` || topic === `${this.#options.module}:${type.name}`
  }

  /** An event of an aggregate of this class, as it is stored. */
  toStored(event: DomainEvent, type: AggregateClass): StoredEvent {
    const topic = this.topicOf(type)
    const { classVersion = 1 } = (event.version === 1 ? creationOf(type) : eventsOf(type).get(event.name)) ?? {}
    const creation = event.version === 1 ? `,"originator_topic":${JSON.stringify(topic)}` : ''
    const version = classVersion > 1 ? `,"class_version":${classVersion}` : ''
    const fields = encode(event.payload).slice(1, -1)
    const state = `${prefix}${event.timestamp}"}${creation}${fields && `,${fields}`}${version}}`
    return {
      aggregateId: event.aggregateId,
      version: event.version,
      topic: `${topic}.${event.name}`,
      state: this.pack(state),
    }
  }

  /** The event without its class: names and payload as they are stored. */
  toDomain(stored: StoredEvent): DomainEvent {
    const name = this.#eventName(stored)
    const { timestamp, payload } = this.#open(stored)
    return new DomainEvent(name, deepFreeze(payload), stored.aggregateId, stored.version, timestamp)
  }

  /**
   * A function that reads the events of one class: brought to their present version, validated where there
   * is a schema.
   *
   * @throws UnknownTopicError for an event of another class, or one that the class does not know
   * @throws CorruptEventError for what cannot be read; the message names the row
   */
  reader(type: AggregateClass): (stored: StoredEvent) => DomainEvent {
    const known = this.#readers.get(type) ?? new Map<string, EventDefinition>()
    this.#readers.set(type, known)
    return (stored) => {
      let definition = known.get(stored.topic)
      if (!definition) {
        definition = this.#definition(stored, type)
        known.set(stored.topic, definition)
      }
      const { timestamp, payload, classVersion } = this.#open(stored)
      const read = definition.read(payload, classVersion, row(stored))
      return new DomainEvent(definition.name, deepFreeze(read), stored.aggregateId, stored.version, timestamp)
    }
  }

  #definition(stored: StoredEvent, type: AggregateClass): EventDefinition {
    const name = this.#eventName(stored)
    const topic = stored.topic.slice(0, -name.length - 1)
    if (!this.names(topic, type))
      throw new UnknownTopicError(
        `${row(stored)} happened to a ${topic}, not to a ${this.topicOf(type)}: load it as that class, or if ${type.name} was called so once, give it \`static aliases = ['${topic}']\``,
      )
    const creation = creationOf(type)
    const definition = stored.version === 1 && creation.name === name ? creation : eventsOf(type).get(name)
    if (definition) return definition
    const names = [creation.name, ...eventsOf(type).keys()].join(', ')
    throw new UnknownTopicError(
      `${row(stored)} is a ${name}, and ${type.name} has no @event('${name}') (it has ${names}): a method may be renamed, the name in its @event may not`,
    )
  }

  /** What stands behind the last dot of a topic. */
  #eventName(stored: StoredEvent): string {
    const [colon, dot] = [stored.topic.indexOf(':'), stored.topic.lastIndexOf('.')]
    if (colon > 0 && dot > colon + 1 && dot < stored.topic.length - 1) return stored.topic.slice(dot + 1)
    throw new UnknownTopicError(
      `${row(stored)} has the topic '${stored.topic}', which is not of the form module:Class.Event`,
    )
  }

  #open(stored: StoredEvent): { timestamp: string; payload: Json; classVersion: number } {
    try {
      const text = this.unpack(stored.state)
      // Nearly every state starts in the same way: what is behind the timestamp is parsed alone.
      const end = text.startsWith(prefix) ? text.indexOf('"', prefix.length) : -1
      const fast = end > 0 && text[end + 1] === '}' && (text[end + 2] === ',' || text[end + 2] === '}')
      const rest = fast ? `{${text.slice(end + (text[end + 2] === ',' ? 3 : 2))}` : text
      const fields = decode(rest) as Json
      const timestamp = fast ? text.slice(prefix.length, end) : timestampOf(fields)
      if (fields === null || typeof fields !== 'object' || Array.isArray(fields))
        throw new TypeError('it is not an object')
      if (!fast || stored.version === 1 || 'class_version' in fields) return stripped(fields, timestamp)
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

function timestampOf(fields: Json): string {
  const stamp: unknown = (fields as { timestamp?: unknown } | null)?.timestamp
  if (stamp instanceof Date) return String(transcodingOf(stamp)?.encode(stamp))
  throw new TypeError("it has no 'timestamp'")
}

function stripped(fields: Json, timestamp: string): { timestamp: string; payload: Json; classVersion: number } {
  const { timestamp: _, originator_topic: __, class_version: classVersion = 1, ...payload } = fields
  if (typeof classVersion !== 'number') throw new TypeError(`its class_version is ${String(classVersion)}`)
  return { timestamp, payload, classVersion }
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const key in value) if (typeof value[key] === 'object') deepFreeze(value[key])
  return Object.freeze(value)
}
