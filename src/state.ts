/**
 * The state of an aggregate as a thing of its own: to copy it, and to compare it.
 *
 * Copies are what keeps a cache and a failed command apart. What cannot be copied faithfully (a function, a
 * foreign class, a `#private` field) is never copied by half: the answer is then `undefined`, and whoever
 * asked replays the events instead.
 */
import { isPlainObject, transcodingOf } from './payload'

/** What an aggregate is made of, apart from the object that holds it. */
export interface KeptState {
  readonly id: string
  readonly version: number
  readonly createdOn: string
  readonly modifiedOn: string
  readonly fields: Readonly<Record<string, unknown>>
}

const uncopyable = Symbol('uncopyable')
type Copy = unknown | typeof uncopyable

function copy(value: unknown): Copy {
  if (typeof value === 'function') return uncopyable
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return copyArray(value)
  if (isPlainObject(value)) {
    const fields = copyFields(value)
    return fields ? Object.assign(Object.create(Object.getPrototypeOf(value)), fields) : uncopyable
  }
  if (value instanceof Map) {
    const entries = copyArray([...value].flat(1))
    return entries === uncopyable ? uncopyable : new Map(pairs(entries as unknown[]))
  }
  if (value instanceof Set) {
    const items = copyArray([...value])
    return items === uncopyable ? uncopyable : new Set(items as unknown[])
  }
  const how = transcodingOf(value)
  return how?.copy ? how.copy(value) : how ? how.decode(how.encode(value)) : uncopyable
}

const pairs = (flat: unknown[]): [unknown, unknown][] =>
  Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]])

function copyArray(items: readonly unknown[]): Copy {
  const copied = items.slice()
  for (let i = 0; i < copied.length; i++) {
    const item = copied[i]
    if (typeof item !== 'object' && typeof item !== 'function') continue
    const one = copy(item)
    if (one === uncopyable) return uncopyable
    copied[i] = one
  }
  return copied
}

/** The object's own fields, copied; `undefined` if one of them cannot be. */
export function copyFields(from: object): Record<string, unknown> | undefined {
  const names = Object.keys(from)
  if (Reflect.ownKeys(from).length !== names.length) return undefined
  const fields: Record<string, unknown> = {}
  for (const name of names) {
    const one = copy((from as Record<string, unknown>)[name])
    if (one === uncopyable) return undefined
    fields[name] = one
  }
  return fields
}

/** Equal to the last field. Classes compare by class and fields, Maps and Sets by what they hold, in order. */
export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  if (Array.isArray(a))
    return a.length === (b as unknown[]).length && a.every((item, i) => equal(item, (b as unknown[])[i]))
  if (a instanceof Date) return a.getTime() === (b as Date).getTime()
  if (a instanceof Map || a instanceof Set) return equal([...a], [...(b as Set<unknown>)])
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && equal(a[name as never], b[name as never]))
  )
}

/** Gives `self` the fields of `before`; those that are equal stay the objects that they are. */
export function putBack(self: object, before: object): void {
  const [to, from] = [self as Record<string, unknown>, before as Record<string, unknown>]
  for (const name of Object.keys(to)) if (!Object.hasOwn(from, name)) delete to[name]
  for (const name of Object.keys(from)) if (!equal(to[name], from[name])) to[name] = from[name]
}
