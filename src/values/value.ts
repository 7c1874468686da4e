/**
 * What an event or a snapshot can hold: one table of values, and one walk that checks, copies and freezes them.
 *
 * The rule: a value comes back from every store equal to what went in, or it is refused before it is recorded.
 * Strings, booleans, finite numbers, bigints, null, arrays and plain objects are kept as they are; Date, Map, Set and
 * Uint8Array are in the table in kinds.ts; `transcoding` adds your own classes. Everything else is refused.
 */
import { builtIn, type Constructor, isReal, type Kind, locked, refused, type Transcoding } from './kinds'

export type Payload = Readonly<Record<string, unknown>>

const byClass = new Map<Constructor, Kind>(builtIn.map((kind) => [kind.type, kind]))
const byName = new Map<string, Kind>(builtIn.map((kind) => [kind.name, kind]))
/** Names that this library's JSON uses itself. */
const reserved = new Set(['bigint', 'undefined'])

/**
 * Lets events and snapshots hold instances of a class. Call it where the class is defined; a class that is
 * defined again (by a reload) replaces the earlier one.
 *
 * @returns a function that undoes this
 * @throws TypeError if another class has this stored name
 */
export function transcoding<T, D>(type: Constructor<T>, how: Transcoding<T, D>): () => void {
  const other = byName.get(how.name)?.type.name ?? (reserved.has(how.name) ? how.name : type.name)
  if (other !== type.name) throw new TypeError(`'${how.name}' is already the stored name of ${other}: choose another`)
  const { name, encode } = how as unknown as Kind
  const decode = (data: unknown): object => {
    const value: unknown = how.decode(data as D)
    if (value instanceof type) return value as object
    throw new TypeError(`decode() of '${name}' must return a ${type.name}, not ${value}`)
  }
  // `encode` may return an object that shares something with the value, so the copy is made from a copy of that.
  const copy: Kind['copy'] = (value, inside, frozen) => {
    const data = inside(locked.get(value) ?? how.encode(value as T), '')
    const copied = decode(data)
    // One that is always the same, as of an enumeration, is its user's own.
    if (frozen && copied !== value && decode(data) !== copied) locked.set(Object.freeze(copied), data)
    return copied
  }
  const kind: Kind = { type, name, copy, encode: (value) => encode.call(how, value), decode }
  byClass.set(type, kind)
  byName.set(name, kind)
  return () => {
    if (byClass.get(type) === kind) byClass.delete(type)
    if (byName.get(name) === kind) byName.delete(name)
  }
}

function kindOf(value: object): Kind | undefined {
  const prototype = Object.getPrototypeOf(value)
  const kind = byClass.get(prototype?.constructor)
  // A class of the old style may inherit its constructor.
  return kind?.type.prototype === prototype ? kind : undefined
}

/**
 * The stored name and the data of an instance of a class, or undefined if the class has no transcoding. A frozen one has
 * the data that it had then, whatever its methods have done to it: only `now` asks it.
 */
export function encodeTyped(value: object, now = false): { readonly name: string; readonly data: unknown } | undefined {
  const how = kindOf(value)
  return how && { name: how.name, data: (now ? undefined : locked.get(value)) ?? how.encode(value) }
}

/** Python writes these two. They are read as strings, unless a class has the name. */
const asText = new Set(['uuid_hex', 'decimal_str'])

export function decodeTyped(name: string, data: unknown): unknown {
  const kind = byName.get(name)
  if (kind) return kind.decode(data)
  if (asText.has(name)) return data
  throw new TypeError(`no class has the stored name '${name}': call transcoding(YourClass, { name: '${name}', … })`)
}

/** Is it an object literal, possibly of another realm (a REPL, a test runner)? */
export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || (prototype !== null && isRoot(prototype))
}
const isRoot = (value: object): boolean =>
  Object.getPrototypeOf(value) === null && Object.hasOwn(value, 'isPrototypeOf')

/** Is it an array of no subclass, possibly of another realm? */
export const isPlainList = (value: readonly unknown[]): boolean => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Array.prototype || (Array.isArray(prototype) && isRoot(Object.getPrototypeOf(prototype)))
}

/** True for values that need no copy and that `JSON.stringify` writes correctly. */
export function isSimple(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  return typeof value === 'number' && Number.isFinite(value)
}

/** Python's JSON parser stops at about a thousand levels, and so does the stack of some engines. */
const deepest = 500

/** An object in many places is copied for each: how many entries are copied again. */
const most = 2_000_000

/** Another object with the same past, and whether something was the key of a WeakMap in that past. */
type Twin = readonly [self: object, isKey: (part: object) => boolean]

interface Walk {
  readonly isKey: Twin[1] | undefined
  readonly frozen: boolean
  /** An object may appear only once, and `undefined` is a value. */
  readonly once: boolean
  /** The objects met so far; true for those that contain the current one. */
  readonly met: Map<object, boolean>
  depth: number
  /** How many of the objects that contain the current one were met before. */
  again: number
  /** How many entries were copied again. */
  copied: number
}

/**
 * A copy that shares nothing with the value; with `frozen`, one that cannot be changed. With `once`, for states, an
 * object used in two places is refused, if its copies would be two objects, and `undefined` is a value; one that is
 * in the twin of a state as well is a constant of the code.
 *
 * @throws InvalidPayloadError with the path to what cannot be stored
 */
export function copyValue(value: unknown, frozen: boolean, path: string, once = false, twin?: Twin): unknown {
  if (isSimple(value)) return value
  const walk = { frozen, once, met: new Map(), depth: 0, again: 0, copied: 0, isKey: twin?.[1] }
  if (twin) copy(twin[0], path, walk)
  return copy(value, path, walk)
}

function copy(value: unknown, path: string, walk: Walk): unknown {
  if (isSimple(value) || typeof value === 'bigint' || (value === undefined && walk.once)) return value
  if (typeof value === 'object') return copyObject(value as object, path, walk)
  if (typeof value === 'number') throw refused(path, String(value), 'use null or a string')
  if (value === undefined)
    throw refused(path, 'undefined', "pass null, or make the field optional in the event's schema")
  throw refused(path, `a ${typeof value}`, 'pass plain data')
}

function copyObject(value: object, path: string, walk: Walk): unknown {
  const known = walk.met.get(value)
  if (known) throw refused(path, 'an object that contains itself', 'use an id')
  const isPlain = Array.isArray(value) || isPlainObject(value)
  // Instances of a user's class may be frozen: the class makes them again.
  if (walk.once && walk.frozen && (isPlain || builtIn.includes(kindOf(value) as Kind))) {
    if (!Object.isExtensible(value)) throw refused(path, 'frozen or sealed', 'do not freeze it')
    if (walk.isKey?.(value)) throw refused(path, 'the key of a WeakMap', 'keep in fields what is there')
  }
  if (walk.depth >= deepest) throw refused(path.slice(0, 60), `more than ${deepest} levels deep`, 'flatten it')
  walk.met.set(value, true)
  walk.depth++
  if (known === false) walk.again++
  const copied = Array.isArray(value)
    ? copyList(value, path, walk)
    : isPlain
      ? copyRecord(value as Record<string, unknown>, path, walk)
      : copyTyped(value, path, walk)
  if (known === false) walk.again--
  // What is read back as the very same object, as of an enumeration, may be in two places.
  if (walk.once && known === false && copied !== value)
    throw refused(path, 'an object used in two places (or a constant of the code)', 'use an id')
  walk.depth--
  walk.met.set(value, false)
  return copied
}

function count(entries: number, path: string, walk: Walk): void {
  if (walk.again > 0) walk.copied += entries
  if (walk.copied > most)
    throw refused(path.slice(0, 60), 'in too many places, for each of which it is copied', 'use ids')
}

function copyList(list: readonly unknown[], path: string, walk: Walk): unknown {
  count(list.length, path, walk)
  if (!isPlainList(list))
    throw refused(path, `a ${list.constructor?.name || 'subclass of Array'}`, 'pass a plain array: [...value]')
  const copied = new Array<unknown>(list.length)
  for (let i = 0; i < list.length; i++) {
    const item = list[i]
    if (item === undefined && !Object.hasOwn(list, i)) throw refused(`${path}[${i}]`, 'a hole in an array', 'use null')
    copied[i] = isSimple(item) ? item : copy(item, `${path}[${i}]`, walk)
  }
  if (Reflect.ownKeys(list).length !== list.length + 1)
    throw refused(path, 'an array with extra fields', 'put both into an object')
  return walk.frozen ? Object.freeze(copied) : copied
}

function copyRecord(record: Record<string, unknown>, path: string, walk: Walk): unknown {
  const keys = Reflect.ownKeys(record)
  count(keys.length, path, walk)
  const copied: Record<string, unknown> = {}
  for (const key of keys) {
    const own = Object.getOwnPropertyDescriptor(record, key) as PropertyDescriptor
    const where = `${path}.${String(key)}`
    if (typeof key === 'symbol') throw refused(where, 'a field whose key is a symbol', 'use a string')
    if (own.get || own.set || !own.enumerable) throw refused(where, 'a getter or a hidden field', 'pass its value')
    if (walk.once && walk.frozen && !own.writable) throw refused(where, 'read-only', 'make it writable')
    // In an event, an undefined field counts as missing.
    if (own.value === undefined && !walk.once) continue
    const field = copy(own.value, where, walk)
    if (key === '__proto__')
      Object.defineProperty(copied, key, { value: field, writable: true, enumerable: true, configurable: true })
    else copied[key] = field
  }
  // What is undefined is left out, so this is seen only now.
  if ('_type_' in copied && '_data_' in copied && Object.keys(copied).length === 2)
    throw refused(path, "an object of just '_type_' and '_data_'", 'these names mark stored types: rename one')
  return walk.frozen ? Object.freeze(copied) : copied
}

const entriesIn = (value: object): number =>
  value instanceof Uint8Array ? value.length : value instanceof Map || value instanceof Set ? value.size : 1

function copyTyped(value: object, path: string, walk: Walk): unknown {
  const kind = kindOf(value)
  const type = Object.getPrototypeOf(value)
  const name = type && Object.hasOwn(type, 'constructor') && type.constructor?.name
  if (!kind && (!name || name === 'Object'))
    throw refused(path, 'an object without a class of its own', 'pass { ...value }')
  if (!kind)
    throw refused(path, `a ${name}`, `pass plain data, or call transcoding(${name}, …) where the class is defined`)
  if (!isReal(kind, value)) throw refused(path, `like a ${name} (a Proxy?)`, 'pass a real one')
  count(entriesIn(value), path, walk)
  return kind.copy(value, (inner, at) => copy(inner, path + at, walk), walk.frozen, path)
}
