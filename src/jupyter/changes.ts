/** What changed in an aggregate, field by field. */
import type { Aggregate } from '../aggregates/aggregate'
import { equal } from '../aggregates/equal'

/** One field; `undefined` where there was none. */
export interface Change {
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/** @internal The state, without the members that every aggregate has. */
export const fieldsOf = (aggregate: Aggregate | undefined): Record<string, unknown> => ({ ...aggregate })

/** @internal The fields that differ, in the order in which they were made. Before its first event there is no aggregate. */
export function changesBetween(before: Aggregate | undefined, after: Aggregate): Change[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)]
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])]
  return names
    .filter((field) => !equal(old[field], now[field], true))
    .map((field) => ({ field, before: old[field], after: now[field] }))
}
