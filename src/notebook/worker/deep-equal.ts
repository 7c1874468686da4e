/** `isDeepStrictEqual` of `node:util`, where there is no Node. */

export function isDeepStrictEqual(one: unknown, other: unknown): boolean {
  return areEqual(one, other, [])
}

type Pair = readonly [object, object]

/** @param around the pairs that are being compared: what leads back to one of them makes no difference */
function areEqual(one: unknown, other: unknown, around: readonly Pair[]): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false
  if (around.some(([a, b]) => a === one && b === other)) return true
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other) || tagOf(one) !== tagOf(other)) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  if (Array.isArray(one) && one.length !== (other as unknown[]).length) return false
  const pairs = [...around, [one, other] as const]
  if (!isSameInside(one, other, pairs)) return false
  const keys = keysOf(one)
  const others = new Set(keysOf(other))
  return (
    keys.length === others.size &&
    keys.every((key) => others.has(key) && areEqual(Reflect.get(one, key), Reflect.get(other, key), pairs))
  )
}

const tagOf = (value: object): string => Object.prototype.toString.call(value)

/** The own ones that can be enumerated. */
const keysOf = (of: object): (string | symbol)[] =>
  Reflect.ownKeys(of).filter((key) => Object.prototype.propertyIsEnumerable.call(of, key))

/** What cannot be seen in the properties. */
function isSameInside(one: object, other: object, around: readonly Pair[]): boolean {
  if (one instanceof Date) return Object.is(one.getTime(), (other as Date).getTime())
  if (one instanceof ArrayBuffer) return areEqual(new Uint8Array(one), new Uint8Array(other as ArrayBuffer), around)
  if (one instanceof RegExp) return `${one}` === `${other}` && one.lastIndex === (other as RegExp).lastIndex
  if (one instanceof Error) {
    const { name, message, cause } = other as Error
    return one.name === name && one.message === message && areEqual(one.cause, cause, around)
  }
  if (one instanceof Map) return isSameMap(one, other as Map<unknown, unknown>, around)
  if (one instanceof Set) return isSameSet(one, other as Set<unknown>, around)
  if (/^\[object (Number|String|Boolean|BigInt|Symbol)\]$/.test(tagOf(one)))
    return Object.is(one.valueOf(), other.valueOf())
  return true
}

function isSameMap(one: Map<unknown, unknown>, other: Map<unknown, unknown>, around: readonly Pair[]): boolean {
  if (one.size !== other.size) return false
  const left = new Map(other)
  return [...one].every(([key, value]) => {
    const its = left.has(key) ? key : [...left.keys()].find((each) => areEqual(key, each, around))
    return left.has(its) && areEqual(value, left.get(its), around) && left.delete(its)
  })
}

function isSameSet(one: Set<unknown>, other: Set<unknown>, around: readonly Pair[]): boolean {
  if (one.size !== other.size) return false
  const left = new Set(other)
  return [...one].every((value) => {
    const its = left.has(value) ? value : [...left].find((each) => areEqual(value, each, around))
    return left.delete(its)
  })
}
