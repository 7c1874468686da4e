/** In which way what a test expects differs from what a right dog shows: each has a hint of its own. */
import { isDeepStrictEqual } from 'node:util'
import type { Assertion } from './assertions'

export type Difference =
  /** There is nothing: a name that nobody has, a place behind the end. */
  | 'nothing'
  /** A list and a text, a number and a list; or what is in the two lists differs so. */
  | 'kind'
  | 'number'
  | 'text'
  | 'condition'
  /** Lists of the same things in another order. */
  | 'order'
  /** Fewer things than there are, or more of them, or others. */
  | 'fewer'
  | 'more'
  | 'others'

/** Undefined where two values were not asked to be the same. */
export function differenceOf({ method, values }: Assertion): Difference | undefined {
  if (method === 'ok' || method === 'notOk') return 'condition'
  if (!/^(equal|same|strictSame|match\w*|has\w*|deep\w*|strictEqual|==|===)$/.test(method)) return undefined
  const [found, wanted] = values
  const kind = kindOf(found)
  if (found === undefined || found === null) return 'nothing'
  if (kind !== kindOf(wanted)) return wanted instanceof RegExp ? undefined : 'kind'
  if (kind === 'number' || kind === 'text') return kind
  return Array.isArray(found) && Array.isArray(wanted) ? ofLists(found, wanted) : undefined
}

function ofLists(found: readonly unknown[], wanted: readonly unknown[]): Difference {
  const kinds = new Set(found.map(kindOf))
  if (found.length > 0 && wanted.length > 0 && !wanted.some((each) => kinds.has(kindOf(each)))) return 'kind'
  const [lost, added] = [without(found, wanted), without(wanted, found)]
  if (lost.length === 0 && added.length === 0) return 'order'
  if (added.length === 0) return 'fewer'
  return lost.length === 0 ? 'more' : 'others'
}

/** What is in one list and not in the other, as often as it is there. */
function without(all: readonly unknown[], others: readonly unknown[]): unknown[] {
  const left = [...all]
  for (const each of others) {
    const at = left.findIndex((one) => isDeepStrictEqual(one, each))
    if (at >= 0) left.splice(at, 1)
  }
  return left
}

export function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'text'
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value
  return Array.isArray(value) ? 'list' : (value.constructor?.name ?? 'Object')
}
