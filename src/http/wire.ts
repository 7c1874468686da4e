/**
 * What goes over the wire: JSON, in the form of the Python library's remote notification log.
 *
 * States are sent as they are stored, in base64, so what is encrypted stays encrypted. What comes back is believed only
 * where it can be: another log may answer, or something that is no log at all.
 */
import { RemoteLogError } from '../errors'
import { type Notification, type NotificationQuery, type StateForm, stateIn } from '../port/recorder'
import { fromBase64, toBase64 } from '../values/base64'

/** Which log this is, and the position of its newest event. With every answer, so that a change is noticed at once. */
export interface LogState {
  readonly name: string
  readonly log_id: string
  readonly position: number
}

/** A part of the log; `next_id` is missing at the end. */
export interface WireSection extends LogState {
  /** `first,last` position of the items. */
  readonly id: string | null
  /** What to ask for next, if the section is full. */
  readonly next_id: string | null
  readonly items: readonly WireItem[]
}

export interface WireItem {
  readonly id: number
  readonly originator_id: string
  readonly originator_version: number
  readonly topic: string
  /** In base64. */
  readonly state: string
}

export interface WireProblem {
  readonly code: string
  readonly message: string
}

export const toWire = ({ id, aggregateId, version, topic, state }: Notification): WireItem => ({
  id,
  originator_id: aggregateId,
  originator_version: version,
  topic,
  state: toBase64(state as Uint8Array),
})

/** @throws RemoteLogError if this is no answer of a log */
export function stateOf(answer: unknown): LogState {
  const { name, log_id, position } = Object(answer) as Record<keyof LogState, unknown>
  if (typeof name === 'string' && isId(log_id) && isWhole(position, 0)) return { name, log_id, position }
  throw lie('something that is not the JSON of a log')
}

/** The query that a section answers: positions from `start` to `stop`, at most `limit`, of these topics. */
export type Asked = Required<Pick<NotificationQuery, 'start' | 'stop' | 'limit'>> & Pick<NotificationQuery, 'topics'>

/**
 * The rows of an answer, and whether it had to stop before its end.
 *
 * @throws RemoteLogError if it is not an answer to this question
 */
export function rowsOf(answer: unknown, asked: Asked, form: StateForm): { rows: Notification[]; isCut: boolean } {
  const { items, next_id } = answer as Record<keyof WireSection, unknown>
  if (!Array.isArray(items)) throw lie('a section without items')
  if (items.length > asked.limit) throw lie(`${items.length} events where ${asked.limit} were asked for`)
  let before = asked.start - 1
  const rows = items.map((item) => {
    const row = rowOf(item, form)
    if (row.id <= before || row.id > asked.stop) {
      const where = asked.stop === Infinity ? '' : ` up to ${asked.stop}`
      throw lie(`position ${row.id} where one after ${before}${where} was expected`)
    }
    if (asked.topics && !asked.topics.includes(row.topic)) throw lie(`${quoted(row.topic)}, which was not asked for`)
    before = row.id
    return row
  })
  return { rows, isCut: rows.length > 0 && typeof next_id === 'string' }
}

function rowOf(item: unknown, form: StateForm): Notification {
  const { id, originator_id: aggregateId, originator_version: version, topic, state } = Object(item) as WireItem
  if (!isWhole(id, 1) || !isWhole(version, 1) || !isName(aggregateId) || !isName(topic) || typeof state !== 'string')
    throw lie('an event without its id, originator_id, originator_version, topic or state')
  const bytes = fromBase64(state)
  if (!bytes) throw lie(`a state at position ${id} that is not base64`)
  const row = { aggregateId, version, topic, state: bytes }
  return { id, ...row, state: form === 'bytes' ? bytes : stateIn('text', row) }
}

const isWhole = (value: unknown, least: number): value is number =>
  Number.isSafeInteger(value) && Number(value) >= least
/** Errors show it. */
const isId = (value: unknown): value is string => typeof value === 'string' && /^\P{Cc}{1,200}$/u.test(value)
const isName = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Words of others, short and without control characters. */
export const quoted = (text: string): string => JSON.stringify(text.slice(0, 200))

const lie = (what: string): RemoteLogError =>
  new RemoteLogError(`The answer has ${what}: give the address of a log of this library, of the same version`)
