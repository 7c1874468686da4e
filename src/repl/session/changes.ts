/**
 * The history of one aggregate, version by version: what each event changed. It replays, and records nothing.
 */
import type { Aggregate, DomainEvent } from 'dog-school'
import { equal } from '../../aggregates/equal'
import type { Member } from './members'
import { Refusal } from './refusal'
import type { Row } from './reply'
import type { Session } from './session'

export interface Change {
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/** One event, and how it changed the state. */
export interface VersionChanges {
  readonly event: DomainEvent
  readonly changes: readonly Change[]
}

/** The state, without the members that every aggregate has. */
export const fieldsOf = (aggregate: Aggregate | undefined): Record<string, unknown> => ({ ...aggregate })

export function changesBetween(before: Aggregate | undefined, after: Aggregate): Change[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)]
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])]
  return names
    .filter((field) => !equal(old[field], now[field], true))
    .map((field) => ({ field, before: old[field], after: now[field] }))
}

/** One version of an aggregate: its event, and the state before and after it. */
export async function stepAt(session: Session, member: Member, version: number): Promise<VersionChanges> {
  const before = version > 1 ? await session.load(member, version - 1) : undefined
  const after = await session.load(member, version)
  const event = (await session.school.repository.history(member.id))[version - 1] as DomainEvent
  return { event, changes: changesBetween(before, after) }
}

/** A version as it was typed. */
export function versionFrom(typed: string | undefined, newest: number): number {
  const version = Number(typed)
  if (typed !== undefined && Number.isInteger(version) && version >= 1 && version <= newest) return version
  const range = newest === 1 ? 'the only one is 1' : `there are 1 to ${newest}`
  throw new Refusal(
    typed === undefined
      ? `Which version? ${range[0]?.toUpperCase()}${range.slice(1)}.`
      : `There is no version '${typed}': ${range}.`,
  )
}

export const changeRows = (changes: readonly Change[]): Row[] =>
  changes.map(({ field, before, after }) => ({ field, before, after }))
