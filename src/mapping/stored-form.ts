/**
 * The JSON of a stored event.
 *
 * It is that of the Python library `eventsourcing`, byte for byte, so that each library opens what the other wrote:
 * `timestamp` first, `originator_topic` with the first event, then the payload in the order of the parameters,
 * `_metadata` if there is any, `_personal_` if fields are hidden (see personal.ts), `class_version` last and only above 1;
 * no spaces; instances of classes as `{"_type_":…,"_data_":…}` (see json.ts). Python ignores the two.
 */
import type { Metadata } from '../events/event'
import { decode, encode } from '../values/json'
import { encodeTyped, type Payload } from '../values/value'

/** What the JSON holds. */
export interface StateFields {
  readonly timestamp: string
  readonly payload: Payload
  readonly classVersion: number
  readonly metadata?: Metadata | undefined
  /** The personal fields, encrypted. */
  readonly personal?: string | undefined
}

const prefix = '{"timestamp":{"_type_":"datetime_iso","_data_":"'

/** @param originTopic the topic of the class, for the event that created the aggregate */
export function writeState(
  { timestamp, payload, metadata = {}, personal, classVersion }: StateFields,
  originTopic: string | undefined,
): string {
  const creation = originTopic === undefined ? '' : `,"originator_topic":${JSON.stringify(originTopic)}`
  const fields = encode(payload).slice(1, -1)
  const about = Object.keys(metadata).length > 0 ? `,"_metadata":${encode(metadata)}` : ''
  const hidden = personal ? `,"_personal_":${JSON.stringify(personal)}` : ''
  const version = classVersion > 1 ? `,"class_version":${classVersion}` : ''
  return `${prefix}${timestamp}"}${creation}${fields && `,${fields}`}${about}${hidden}${version}}`
}

/** @throws Error that says what is wrong, if this is not the JSON of an event */
export function readState(text: string): StateFields {
  // Nearly every state starts in the same way, so only what follows the timestamp is parsed.
  const end = text.startsWith(prefix) ? text.indexOf('"', prefix.length) : -1
  const fast = end > 0 && text[end + 1] === '}' && (text[end + 2] === ',' || text[end + 2] === '}')
  const rest = fast ? `{${text.slice(end + (text[end + 2] === ',' ? 3 : 2))}` : text
  const fields = decode(rest) as Record<string, unknown>
  if (fields === null || typeof fields !== 'object' || Array.isArray(fields)) throw new TypeError('it is not an object')
  const timestamp = fast ? text.slice(prefix.length, end) : timestampOf(fields)
  if (
    fast &&
    !('originator_topic' in fields || 'class_version' in fields || '_metadata' in fields || '_personal_' in fields)
  )
    return { timestamp, payload: fields, classVersion: 1 }
  const {
    timestamp: _,
    originator_topic: __,
    class_version: classVersion = 1,
    _metadata: about,
    _personal_: personal,
    ...payload
  } = fields
  if (typeof classVersion !== 'number') throw new TypeError(`its class_version is ${String(classVersion)}`)
  return {
    timestamp,
    payload: Object.freeze(payload),
    classVersion,
    metadata: about as Metadata | undefined,
    personal: personal as string | undefined,
  }
}

function timestampOf({ timestamp }: Record<string, unknown>): string {
  if (timestamp instanceof Date) return String(encodeTyped(timestamp)?.data)
  throw new TypeError("it has no 'timestamp'")
}
