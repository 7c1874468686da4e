/**
 * The built-in classes whose instances an event can hold: how each is copied, locked, written and read.
 *
 * `Object.freeze` does not protect the contents of a Date, a Map or a Set, so a locked one loses the methods that
 * change it. Bytes and instances of a user's class cannot be locked: what they held at that time is kept apart, and
 * that is stored and replayed.
 */
import { InvalidPayloadError } from '../errors'

/** How the instances of a class are written as JSON and read back. */
export interface Transcoding<T, D = unknown> {
  /** The name in the stored JSON (`_type_`). Never change it: recorded events have it. */
  readonly name: string
  /** Returns something that an event can hold. */
  encode(value: T): D
  decode(data: D): T
}

export type Constructor<T = unknown> = abstract new (...args: never[]) => T
/** Copies what is inside a value; `at` is its path from there. */
type Inside = (value: unknown, at: string) => unknown
/** A row of the table: a `copy` shares nothing with the value, and is locked if `frozen`. */
export interface Kind extends Transcoding<object> {
  readonly type: Constructor
  copy(value: object, inside: Inside, frozen: boolean, path: string): object
}
/** The contents of values that cannot be locked (bytes, instances of a user's class), as they were when frozen. */
export const locked = new WeakMap<object, unknown>()

export function refused(path: string, what: string, next: string): InvalidPayloadError {
  return new InvalidPayloadError(`${path} is ${what}, which would not come back unchanged: ${next}`)
}

const never: PropertyDescriptor = {
  value() {
    throw new TypeError('An event never changes: make a copy and change that')
  },
}
/** Is it one of the functions that a locked value has in place of methods? */
export const isLock = (value: unknown): boolean => value === never.value

/** A row for a built-in class, copied by `made`. A value with extra fields, which would be lost, is refused. */
function row<T extends object, D>(
  type: Constructor<T> & { readonly prototype: object },
  how: Transcoding<T, D>,
  made: (of: T, inside: Inside, path: string) => T,
): Kind {
  let locks: PropertyDescriptorMap | undefined
  const copy: Kind['copy'] = (value, inside, frozen, path) => {
    const copied = made(value as T, inside, path)
    // A locked one has its locks as fields.
    if (Reflect.ownKeys(value).some((key) => !isLock(Reflect.get(value, key))))
      throw refused(path, `a ${type.name} with extra fields`, 'put both into an object')
    if (!frozen) return copied
    // Only now: a polyfill may have added some.
    locks ??= Object.fromEntries(
      Object.getOwnPropertyNames(type.prototype)
        .filter((name) => /^(set|add|delete|clear|getOrInsert)/.test(name))
        .map((name) => [name, never]),
    )
    return Object.freeze(Object.defineProperties(copied, locks))
  }
  return { ...(how as unknown as Transcoding<object>), type, copy }
}

/** As Python writes it: with six fractional digits or none, and `+00:00`. */
export function isoTimestamp(milliseconds: number): string {
  const text = new Date(milliseconds).toISOString()
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}+00:00` : `${text.slice(0, -1)}000+00:00`
}
/** Python has microseconds, a Date milliseconds: the string that a Date was read from is remembered and written. */
const readAs = new WeakMap<Date, { text: string; time: number }>()

const dates: Transcoding<Date, string> = {
  name: 'datetime_iso',
  encode(date) {
    const read = readAs.get(date)
    return read?.time === date.getTime() ? read.text : isoTimestamp(date.getTime())
  },
  decode(text) {
    const date = new Date(text)
    if (!/(Z|[+-]\d\d:?\d\d)$/.test(text) || Number.isNaN(date.getTime()))
      throw new TypeError(`'${text}' is not a time with its zone`)
    readAs.set(date, { text, time: date.getTime() })
    return date
  },
}
/** The WeakMaps of this module, which no state is in. */
export const memories: readonly object[] = [locked, readAs]

/** Is it an instance of a built-in class, and not only of its prototype? The methods of the class know. */
export function isReal({ type }: Kind, value: object): boolean {
  const { getTime, keys } = type.prototype as { getTime?(): void; keys?(): void }
  try {
    if (builtIn.some((kind) => kind.type === type)) (getTime ?? keys)?.call(value)
    return true
  } catch {
    return false
  }
}

/** The rows that are always in the table. */
export const builtIn: readonly Kind[] = [
  row(Date, dates, (date, _, path) => {
    if (Number.isNaN(date.getTime())) throw refused(path, 'an invalid Date', 'check how it was made')
    const [copied, read] = [new Date(date), readAs.get(date)]
    if (read) readAs.set(copied, read)
    return copied
  }),
  row(
    Map<unknown, unknown>,
    { name: 'map', encode: (map) => [...map], decode: (entries: [unknown, unknown][]) => new Map(entries) },
    (map, inside) => new Map([...map].map(([key, item]) => [inside(key, ' (key)'), inside(item, '.get(…)')])),
  ),
  row(
    Set<unknown>,
    { name: 'set', encode: (set) => [...set], decode: (items: unknown[]) => new Set(items) },
    (set, inside) => new Set([...set].map((item) => inside(item, ' (item)'))),
  ),
  {
    name: 'bytes',
    type: Uint8Array,
    encode: (bytes) => [...(bytes as Uint8Array)],
    decode: (numbers) => Uint8Array.from(numbers as number[]),
    copy(value, _, frozen) {
      const bytes = Uint8Array.from((locked.get(value) ?? value) as number[])
      if (frozen) locked.set(bytes, [...bytes])
      return bytes
    },
  },
]
