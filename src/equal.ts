/**
 * Are two states equal? Objects compare by class and fields; arrays, Maps and Sets also by their items, in order. Any
 * two functions are equal, because each object creates its own. An object used twice must be used twice on both sides.
 */
export function equal(a: unknown, b: unknown, pairs = new Map<object, unknown>()): boolean {
  if (Object.is(a, b) || (typeof a === 'function' && typeof b === 'function')) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (pairs.has(a)) return pairs.get(a) === b
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  pairs.set(a, b)
  if ((a instanceof Date || a instanceof RegExp) && !Object.is(inside(a), inside(b as typeof a))) return false
  const [inA, inB] = [contentOf(a), contentOf(b)]
  if (inA.length !== inB.length || !inA.every((item, i) => equal(item, inB[i], pairs))) return false
  const keys = Reflect.ownKeys(a)
  return (
    keys.length === Reflect.ownKeys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key as never], b[key as never], pairs))
  )
}

const inside = (value: Date | RegExp): unknown => (value instanceof Date ? value.getTime() : String(value))

const contentOf = (value: object): unknown[] =>
  value instanceof Map ? [...value].flat(1) : value instanceof Set ? [...value] : []
