/**
 * What the event at a position did: the state of its aggregate at its version, as `repository.get` folds it, and how that
 * differs from the version before. It replays, and records nothing.
 */
import { inspect } from 'node:util'
import type { Aggregate, Application } from 'dog-school'
import { equal } from '../../aggregates/equal'
import type { Notification } from '../../port/recorder'
import { type Change, changesBetween, fieldsOf } from '../../repl/session/changes'
import { classOf } from '../../repl/session/members'
import type { Session } from '../../repl/session/session'
import type { Field, Item, Place, StateAt } from '../sights'
import { sentence } from './sentence'

/**
 * @param school whose log it is: that of the session, or one on another store
 * @returns undefined where the log has no such position
 */
export async function stateAt(
  session: Session,
  school: Application,
  { position, who }: Place,
): Promise<StateAt | undefined> {
  try {
    const [row] = await school.recorder.notifications({ start: position, limit: 1, as: 'bytes' })
    return row?.id === position ? await stateAfter(session, school, row, who) : undefined
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { position, fields: [], says: who, note: `Its state cannot be shown: ${why}` }
  }
}

async function stateAfter(session: Session, school: Application, row: Notification, who: string): Promise<StateAt> {
  const { id: position, aggregateId: id, version } = row
  const topic = classOf(row.topic)
  if (topic === undefined)
    return {
      position,
      fields: [],
      says: 'it belongs to no aggregate',
      note: 'A slice recorded it: it belongs to no aggregate, so there is no state that it could change. Queries find it by its type and its tags.',
    }
  const before = version > 1 ? await session.load({ id, topic }, version - 1, school) : undefined
  const after = await session.load({ id, topic }, version, school)
  const changes = changesBetween(before, after)
  const note = before ? 'It changed nothing in the state.' : 'Its state has no fields.'
  return {
    position,
    fields: fieldsIn(before, after, changes),
    says: sentence(who, before, after, changes),
    ...(changes.length === 0 && { note }),
  }
}

/** All fields in their order, with the changes; those that are gone come last. */
export function fieldsIn(before: Aggregate | undefined, after: Aggregate, changes: readonly Change[]): Field[] {
  const now = fieldsOf(after)
  const old = fieldsOf(before)
  const gone = changes.filter(({ field }) => !(field in now))
  return [
    ...Object.keys(now).map((field): Field => {
      if (!changes.some((change) => change.field === field))
        return { name: field, change: 'none', ...whole(now[field]) }
      if (!(field in old)) return { name: field, change: 'new', ...whole(now[field]) }
      return { name: field, change: 'changed', ...compared(old[field], now[field]) }
    }),
    ...gone.map(({ field, before }): Field => ({ name: field, change: 'gone', ...whole(before) })),
  ]
}

type Written = Pick<Field, 'open' | 'items' | 'close'>
/** An item that is not written yet: of a long list, few will be. */
interface Unwritten {
  readonly change: Item['change']
  readonly write: () => string
}

function whole(value: unknown): Written {
  const parts = partsOf(value)
  if (!parts) return { open: '', items: [{ change: 'none', text: shown(value) }], close: '' }
  return written(parts, parts.items.map(unwritten('none', parts)))
}

/** Lists of one kind are compared by their items: what they begin and end with in common is left as it is. */
function compared(before: unknown, after: unknown): Written {
  const [old, now] = [partsOf(before), partsOf(after)]
  if (!old || !now || old.open !== now.open) {
    const items: Item[] = [
      { change: 'removed', text: shown(before) },
      { change: 'added', text: shown(after) },
    ]
    return { open: '', items, close: '' }
  }
  const [a, b] = [old.items, now.items]
  const most = Math.min(a.length, b.length)
  let start = 0
  while (start < most && equal(a[start], b[start], true)) start++
  let end = 0
  while (end < most - start && equal(a[a.length - 1 - end], b[b.length - 1 - end], true)) end++
  return written(now, [
    ...b.slice(0, start).map(unwritten('none', now)),
    ...a.slice(start, a.length - end).map(unwritten('removed', old)),
    ...b.slice(start, b.length - end).map(unwritten('added', now)),
    ...b.slice(b.length - end).map(unwritten('none', now)),
  ])
}

interface Parts {
  readonly open: string
  readonly items: readonly unknown[]
  readonly close: string
  readonly write: (item: unknown) => string
}

/** What is in a list, a Set, a Map or a plain object. */
function partsOf(value: unknown): Parts | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  switch (Object.getPrototypeOf(value)) {
    case Array.prototype:
      return { open: '[', items: value as unknown[], close: ']', write: shown }
    case Set.prototype:
      return { open: 'Set {', items: [...(value as Set<unknown>)], close: '}', write: shown }
    case Map.prototype:
      return { open: 'Map {', items: [...(value as Map<unknown, unknown>)], close: '}', write: pair }
    case Object.prototype:
      return { open: '{', items: Object.entries(value), close: '}', write: property }
    default:
      return undefined
  }
}

const shown = (value: unknown): string => inspect(value, { depth: 4, breakLength: Infinity, compact: true })
const pair = (entry: unknown): string => (entry as unknown[]).map(shown).join(' => ')
/** A key may need quotes; the braces around it are those of the object. */
const property = (entry: unknown): string => shown(Object.fromEntries([entry as [string, unknown]])).slice(2, -2)

const unwritten =
  (change: Item['change'], { write }: Parts) =>
  (item: unknown): Unwritten => ({ change, write: () => write(item) })

/** The most items that are shown of a list; of a longer one, those at its ends, and those that changed, have room. */
const most = 12
const ends = 3

function written({ open, close }: Parts, items: readonly Unwritten[]): Written {
  let room = most - 2 * ends
  const isShown = items.map(
    ({ change }, at) =>
      items.length <= most || at < ends || at >= items.length - ends || (change !== 'none' && room-- > 0),
  )
  const fit: Item[] = []
  for (let at = 0; at < items.length; ) {
    const { change, write } = items[at] as Unwritten
    if (isShown[at]) {
      fit.push({ change, text: write() })
      at++
      continue
    }
    const next = isShown.indexOf(true, at)
    fit.push({ change: 'left out', text: `… ${(next - at).toLocaleString('en')} more` })
    at = next
  }
  return { open, items: fit, close }
}
