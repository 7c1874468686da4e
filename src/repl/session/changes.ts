/**
 * The history of one aggregate, version by version: what each event changed. It replays, and records nothing.
 */
import type { DomainEvent } from 'dog-school'
import { type Change, changesBetween } from '../../jupyter/changes'
import type { Member } from './members'
import { Refusal } from './refusal'
import type { Row } from './reply'
import type { Session } from './session'

export { type Change, changesBetween, fieldsOf } from '../../jupyter/changes'

/** One event, and how it changed the state. */
export interface VersionChanges {
  readonly event: DomainEvent
  readonly changes: readonly Change[]
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
