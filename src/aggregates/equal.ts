/**
 * Are two states equal? Objects compare by class, fields, and whether they are frozen; arrays, Maps and Sets also by
 * their items, in order. What cannot be looked into (a WeakMap, a Promise, Headers) is equal to nothing but itself. Any
 * two functions are equal, because each object creates its own. An object used twice must be used twice on both sides.
 *
 * @param asWritten compares as a person would write it down: it does not matter what is frozen, or used twice
 */
export function equal(a: unknown, b: unknown, asWritten = false): boolean {
  const met = new Map<object, Set<unknown>>()
  const flags = asWritten ? (['enumerable'] as const) : allFlags
  // Not recursive: a state may be a long chain.
  const open: unknown[] = [a, b]
  while (open.length > 0) {
    const [two, one] = [open.pop(), open.pop()]
    if (Object.is(one, two) || (typeof one === 'function' && typeof two === 'function')) continue
    if (typeof one !== 'object' || typeof two !== 'object' || one === null || two === null) return false
    const twins = met.get(one)
    if (twins?.has(two)) continue
    if (twins && !asWritten) return false
    met.set(one, new Set(twins).add(two))
    if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(two)) return false
    if (!asWritten && Object.isExtensible(one) !== Object.isExtensible(two)) return false
    const [inOne, inTwo] = [contentOf(one), contentOf(two)]
    const keys = Reflect.ownKeys(one)
    if (!inOne || inOne.length !== inTwo?.length || keys.length !== Reflect.ownKeys(two).length) return false
    inOne.forEach((item, i) => {
      open.push(item, inTwo[i])
    })
    for (const key of keys) {
      const [mine, other] = [one, two].map((each) => Reflect.getOwnPropertyDescriptor(each, key))
      if (flags.some((flag) => mine?.[flag] !== other?.[flag])) return false
      open.push(one[key as never], two[key as never])
    }
  }
  return true
}

/** A field that is missing has none of them, one with a getter is never writable. */
const allFlags = ['writable', 'enumerable', 'configurable'] as const

const withValue = [Date, Number, String, Boolean, BigInt, Symbol, RegExp, ...(globalThis.URL ? [URL] : [])]

/** @internal What an object of the language holds that is in no field; undefined if that cannot be seen. */
export function contentOf(value: object): unknown[] | undefined {
  if (value instanceof Map || value instanceof Set) return [...value]
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)]
  if (value instanceof DataView) return [value.buffer, value.byteOffset, value.byteLength]
  if (withValue.some((type) => value instanceof type)) return [value.valueOf() === value ? `${value}` : value.valueOf()]
  const tag = `${value[Symbol.toStringTag as never] ?? ''}`
  return tag.replace(/\..*/, '') in globalThis && !ArrayBuffer.isView(value) ? undefined : []
}
