/**
 * What an event or a snapshot can hold: one table of values, and one walk that checks, copies and freezes them.
 *
 * The rule: a value comes back from every store equal to what went in, or it is refused before it is recorded. Text,
 * booleans, finite numbers, bigints, null, lists and plain records are carried as they are; Date, Map, Set and bytes
 * stand in the table below, and a class of your own joins it with `transcoding`. Everything else is refused by name.
 */
import { builtIn, type Constructor, type Kind, locked, refused, type Transcoding } from './kinds'

export type Payload = Readonly<Record<string, unknown>>

const byClass = new Map<Constructor, Kind>(builtIn.map((kind) => [kind.type, kind]))
const byName = new Map<string, Kind>(builtIn.map((kind) => [kind.name, kind]))
/** Names that the JSON of this library uses itself. */
const reserved = new Set(['bigint', 'undefined'])

/**
 * Lets events and snapshots carry the values of a class. Call it where the class is defined; a class that is defined
 * again (by a reload) replaces its former self.
 *
 * @returns a function that takes it back
 * @throws TypeError if another class has this name
 */
export function transcoding<T, D>(type: Constructor<T>, how: Transcoding<T, D>): () => void {
  const other = byName.get(how.name)?.type.name ?? (reserved.has(how.name) ? how.name : type.name)
  if (other !== type.name)
    throw new TypeError(`'${how.name}' is the stored name of ${other} already: choose another one`)
  // A class may give out an object that shares something with it, so the copy is made of what it wrote.
  const copy: Kind['copy'] = (value, inside, frozen) => {
    const data = inside(locked.get(value) ?? how.encode(value as T), '')
    const copied = how.decode(data as D) as object
    if (frozen) locked.set(Object.freeze(copied), data)
    return copied
  }
  const { name, encode, decode } = how as unknown as Kind
  byClass.set(type, {
    type,
    name,
    copy,
    encode: (value) => encode.call(how, value),
    decode: (data) => decode.call(how, data),
  })
  byName.set(name, byClass.get(type) as Kind)
  return () => {
    byClass.delete(type)
    byName.delete(name)
  }
}

const kindOf = (value: object): Kind | undefined => byClass.get(Object.getPrototypeOf(value)?.constructor)

/** The stored name and the data of a value of a class, or undefined if nobody has said how to write it. */
export function encodeTyped(value: object): { readonly name: string; readonly data: unknown } | undefined {
  const how = kindOf(value)
  return how && { name: how.name, data: locked.get(value) ?? how.encode(value) }
}

/** Python writes these two. They are read as text, unless a class has taken the name. */
const asText = new Set(['uuid_hex', 'decimal_str'])

export function decodeTyped(name: string, data: unknown): unknown {
  const kind = byName.get(name)
  if (kind) return kind.decode(data)
  if (asText.has(name)) return data
  throw new TypeError(`nobody has said how to read '${name}': call transcoding(YourClass, { name: '${name}', … })`)
}

/** An object literal, also one of another realm (a prompt, a test runner). */
export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || (prototype !== null && isRoot(prototype))
}
const isRoot = (value: object): boolean =>
  Object.getPrototypeOf(value) === null && Object.hasOwn(value, 'isPrototypeOf')

const isPlainList = (value: readonly unknown[]): boolean => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Array.prototype || (Array.isArray(prototype) && isRoot(Object.getPrototypeOf(prototype)))
}

/** True for what needs no copy, and is written as JSON writes it. */
export function isSimple(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  return typeof value === 'number' && Number.isFinite(value)
}

/** Python's reader of JSON stops at about a thousand levels, and so does the stack of some engines. */
const deepest = 500

interface Walk {
  readonly frozen: boolean
  /** The objects that lead to the present one. */
  readonly above: Set<object>
  /** Where each object may stand once only, those that were seen. */
  readonly seen?: Set<object> | undefined
}

/**
 * A copy that shares nothing with the value; with `frozen`, one that cannot be changed. With `once`, an object that is
 * referred to from two places is refused, because the copy would part what was one; so a state is copied, in which
 * `undefined` is a value like others.
 *
 * @throws InvalidPayloadError with the path to what cannot be carried
 */
export function copyValue(value: unknown, frozen: boolean, path: string, once = false): unknown {
  return isSimple(value) ? value : copy(value, path, { frozen, above: new Set(), seen: once ? new Set() : undefined })
}

function copy(value: unknown, path: string, walk: Walk): unknown {
  if (isSimple(value) || typeof value === 'bigint' || (value === undefined && walk.seen)) return value
  if (typeof value === 'object') return copyObject(value as object, path, walk)
  if (typeof value === 'number') throw refused(path, String(value), 'use null, or say it in words')
  if (value === undefined)
    throw refused(path, 'undefined', "pass null, or make the field optional in the event's schema")
  throw refused(path, `a ${typeof value}`, 'keep data only: what the code would compute, or a name for it')
}

function copyObject(value: object, path: string, walk: Walk): unknown {
  if (walk.above.has(value)) throw refused(path, 'an object that contains itself', 'refer to it by an id')
  if (walk.seen?.has(value))
    throw refused(path, 'an object that stands in two places (or a constant of the code)', 'refer to it by an id')
  if (walk.above.size >= deepest) throw refused(path.slice(0, 60), `more than ${deepest} levels deep`, 'make it flat')
  walk.seen?.add(value)
  walk.above.add(value)
  const copied = Array.isArray(value)
    ? copyList(value, path, walk)
    : isPlainObject(value)
      ? copyRecord(value, path, walk)
      : copyTyped(value, path, walk)
  walk.above.delete(value)
  return copied
}

function copyList(list: readonly unknown[], path: string, walk: Walk): unknown {
  if (!isPlainList(list))
    throw refused(path, `a ${list.constructor?.name || 'subclass of Array'}`, 'pass a plain array: [...it]')
  const copied = new Array<unknown>(list.length)
  for (let i = 0; i < list.length; i++) {
    const item = list[i]
    if (item === undefined && !Object.hasOwn(list, i)) throw refused(`${path}[${i}]`, 'a hole in a list', 'use null')
    copied[i] = isSimple(item) ? item : copy(item, `${path}[${i}]`, walk)
  }
  if (Reflect.ownKeys(list).length !== list.length + 1)
    throw refused(path, 'a list with fields of its own', 'make it a record that holds the list')
  return walk.frozen ? Object.freeze(copied) : copied
}

function copyRecord(record: Record<string, unknown>, path: string, walk: Walk): unknown {
  const keys = Reflect.ownKeys(record)
  if (keys.length === 2 && keys.includes('_type_') && keys.includes('_data_'))
    throw refused(path, "an object of just '_type_' and '_data_'", 'these names mark stored types: rename one of them')
  const copied: Record<string, unknown> = {}
  for (const key of keys) {
    const own = Object.getOwnPropertyDescriptor(record, key) as PropertyDescriptor
    const where = `${path}.${String(key)}`
    if (typeof key === 'symbol') throw refused(where, 'a field under a symbol', 'give it a name')
    if (own.get || own.set || !own.enumerable)
      throw refused(where, 'a getter or a hidden field', 'pass the value as a field of its own')
    // In an event, a field that is undefined is one that is not there.
    if (own.value === undefined && !walk.seen) continue
    const field = copy(own.value, where, walk)
    if (key === '__proto__') Object.defineProperty(copied, key, { ...own, value: field })
    else copied[key] = field
  }
  return walk.frozen ? Object.freeze(copied) : copied
}

function copyTyped(value: object, path: string, walk: Walk): unknown {
  const kind = kindOf(value)
  if (!kind) {
    const name = value.constructor?.name
    if (!name) throw refused(path, 'an object without a prototype, or of a class without a name', 'pass { ...it }')
    throw refused(path, `a ${name}`, `pass plain data, or call transcoding(${name}, …) where the class is defined`)
  }
  return kind.copy(value, (inner, at) => copy(inner, path + at, walk), walk.frozen, path)
}
