/**
 * What an event can carry, and how to copy it.
 *
 * The rule: a value comes back from every store equal to what went in, or it is refused when the event
 * happens. JSON alone would turn a Date into a string, a Map into `{}` and `undefined` into nothing without
 * a word. Text, booleans, finite numbers, bigints, null, arrays and plain objects are carried as they are;
 * classes are carried when somebody has said how: see `transcoding`.
 */
import { InvalidPayloadError } from './errors'

export type Payload = Readonly<Record<string, unknown>>

/** How the values of one class are written as JSON, and read again. */
export interface Transcoding<T, D = unknown> {
  /** The name in the stored JSON (`_type_`). It is history: never change it. */
  readonly name: string
  /** To something that an event can carry. */
  encode(value: T): D
  decode(data: D): T
  /** A copy that shares nothing. Left out, `decode(encode(value))`. */
  copy?(value: T): T
}

type Constructor<T = unknown> = abstract new (...args: never[]) => T
const byClass = new Map<Constructor, Transcoding<unknown>>()
const byName = new Map<string, Transcoding<unknown>>()

/**
 * Lets events (and snapshots) carry values of a class. Call it where the class is defined.
 *
 * @throws TypeError if another class has this name already
 */
export function transcoding<T, D>(type: Constructor<T>, how: Transcoding<T, D>): void {
  if (byName.has(how.name)) throw new TypeError(`'${how.name}' is the stored name of another class: choose another one`)
  byClass.set(type, how as Transcoding<unknown>)
  byName.set(how.name, how as Transcoding<unknown>)
}

export const transcodingOf = (value: object): Transcoding<unknown> | undefined =>
  byClass.get(value.constructor as Constructor)

/** Python writes these two; TypeScript has no class for them, so they are read as text. */
const asText = new Set(['uuid_hex', 'decimal_str'])

export function decodeTyped(name: string, data: unknown): unknown {
  if (asText.has(name)) return data
  const how = byName.get(name)
  if (!how)
    throw new TypeError(`nobody has said how to read '${name}': call transcoding(YourClass, { name: '${name}', … })`)
  return how.decode(data)
}

export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value)
  // Plain objects of another realm (the REPL, a test runner) count as well.
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

/** True for what needs no copy, and is written as JSON writes it. */
export function isSimple(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  return typeof value === 'number' && (Number.isSafeInteger(value) ? !Object.is(value, -0) : isFraction(value))
}
const isFraction = (value: number): boolean => Number.isFinite(value) && !Number.isInteger(value)

/**
 * A copy that shares nothing with the value; `frozen` to its depths for an event's payload.
 *
 * @throws InvalidPayloadError with the path to what cannot be carried
 */
export function copyValue(value: unknown, frozen: boolean, path: string, above: readonly unknown[] = []): unknown {
  if (isSimple(value)) return value
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) throw refused(path, String(value), 'use null, or say it in words')
      return value === 0 ? 0 : value
    case 'bigint':
      return value
    case 'object':
      return copyObject(value as object, frozen, path, above)
    case 'undefined':
      throw refused(path, 'undefined', "pass null, or make it z.….optional() in the event's schema")
    default:
      throw refused(path, `a ${typeof value}`, 'an event holds data only: pass what the code would compute')
  }
}

function copyObject(value: object, frozen: boolean, path: string, above: readonly unknown[]): unknown {
  if (above.includes(value)) throw refused(path, 'an object that contains itself', 'refer to it by an id')
  const inside = [...above, value]
  let copy: object
  if (Array.isArray(value)) copy = Array.from(value, (item, i) => copyValue(item, frozen, `${path}[${i}]`, inside))
  else if (isPlainObject(value)) {
    if ('_type_' in value && '_data_' in value && Object.keys(value).length === 2)
      throw refused(
        path,
        "an object of just '_type_' and '_data_'",
        'these names mark stored types: rename one of them',
      )
    // A field that is undefined is one that is not there.
    const fields = Object.entries(value).filter(([, field]) => field !== undefined)
    copy = Object.fromEntries(fields.map(([key, field]) => [key, copyValue(field, frozen, `${path}.${key}`, inside)]))
  } else {
    const how = transcodingOf(value)
    if (!how) {
      const name = value.constructor?.name || 'unnamed class'
      throw refused(path, `a ${name}`, `pass plain data, or call transcoding(${name}, …) where the class is defined`)
    }
    const same = how.copy ? how.copy(value) : how.decode(copyValue(how.encode(value), false, path, inside))
    return same
  }
  return frozen ? Object.freeze(copy) : copy
}

function refused(path: string, what: string, next: string): InvalidPayloadError {
  return new InvalidPayloadError(`${path} is ${what}, which would not come back from a store as it is: ${next}`)
}

// ---- Dates: Python keeps microseconds, a Date keeps milliseconds. What was read is remembered, so that
// writing it again loses nothing.
const readAs = new WeakMap<Date, { text: string; time: number }>()

/** As Python writes it: six digits of fraction or none, and `+00:00`. */
export function isoTimestamp(milliseconds: number): string {
  const text = new Date(milliseconds).toISOString()
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}+00:00` : `${text.slice(0, -1)}000+00:00`
}

transcoding<Date, string>(Date, {
  name: 'datetime_iso',
  encode(date) {
    const read = readAs.get(date)
    return read?.time === date.getTime() ? read.text : isoTimestamp(date.getTime())
  },
  decode(text) {
    const date = new Date(text)
    if (!/(Z|[+-]\d\d:?\d\d)$/.test(text) || Number.isNaN(date.getTime()))
      throw new TypeError(`'${text}' is not a moment with its time zone`)
    readAs.set(date, { text, time: date.getTime() })
    return date
  },
  copy(date) {
    if (Number.isNaN(date.getTime())) throw new InvalidPayloadError('a Date that is no date (NaN) cannot be recorded')
    const copy = new Date(date)
    const read = readAs.get(date)
    if (read) readAs.set(copy, read)
    return copy
  },
})
transcoding<Map<unknown, unknown>, unknown[][]>(Map, {
  name: 'map',
  encode: (map) => [...map].map(([key, value]) => [key, value]),
  decode: (entries) => new Map(entries as [unknown, unknown][]),
})
transcoding<Set<unknown>, unknown[]>(Set, {
  name: 'set',
  encode: (set) => [...set],
  decode: (items) => new Set(items),
})
transcoding<Uint8Array, number[]>(Uint8Array, {
  name: 'bytes',
  encode: (bytes) => [...bytes],
  decode: (numbers) => Uint8Array.from(numbers),
})
