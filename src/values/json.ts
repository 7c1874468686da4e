/**
 * JSON that reads back as exactly what was written.
 *
 * Instances of classes are objects of just `_type_` and `_data_`, as in the Python library. Whole numbers beyond 2^53
 * are read as bigint, because a number would round them; a number of that size is written with `.0`, as Python writes
 * a float. `NaN`, which Python accepts, is not JSON: such a row is refused.
 */
import { copyValue, decodeTyped, encodeTyped, isPlainObject } from './value'

/** The JSON of a value that an event or a snapshot can hold. */
export function encode(value: unknown): string {
  switch (typeof value) {
    case 'number':
      if (Object.is(value, -0)) return '-0.0'
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? `${BigInt(value)}.0` : JSON.stringify(value)
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? typed('bigint', String(value)) : String(value)
    case 'undefined':
      return typed('undefined', null)
    case 'object': {
      if (value === null) return 'null'
      if (Array.isArray(value)) return `[${value.map(encode).join(',')}]`
      if (!isPlainObject(value)) {
        const { name, data } = encodeTyped(value) ?? refuse(value)
        return typed(name, data)
      }
      let fields = ''
      for (const key of Object.keys(value)) fields += `${fields && ','}${JSON.stringify(key)}:${encode(value[key])}`
      return `{${fields}}`
    }
    default:
      return JSON.stringify(value) ?? refuse(value)
  }
}

const typed = (name: string, data: unknown): string => `{"_type_":${JSON.stringify(name)},"_data_":${encode(data)}}`

function refuse(value: unknown): never {
  const what = typeof value === 'object' ? value?.constructor?.name : typeof value
  throw new TypeError(`a ${what} cannot be stored: call transcoding(…) where its class is defined`)
}

/**
 * The value of this JSON, deeply frozen. Whole numbers that a number cannot hold are bigints; encoded instances of
 * classes are instances again.
 */
export function decode(text: string): unknown {
  const exact = /\d{16}/.test(text) ? withBigints(text) : text
  const value: unknown = JSON.parse(exact)
  return exact.includes('"_type_"') ? revive(value) : freeze(value)
}

const interesting = /["\d-]/g
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/** Marks whole numbers that would be rounded. Strings are skipped without a regex, which could overflow. */
function withBigints(text: string): string {
  let [exact, copied, at] = ['', 0, 0]
  for (;;) {
    interesting.lastIndex = at
    const start = interesting.exec(text)?.index
    if (start === undefined) return exact + text.slice(copied)
    number.lastIndex = start
    const [digits = '-'] = (text[start] !== '"' && number.exec(text)) || []
    at = text[start] === '"' ? endOfString(text, start) : start + digits.length
    if (!/^-?\d{16,}$/.test(digits) || Number.isSafeInteger(Number(digits))) continue
    exact += text.slice(copied, start) + typed('bigint', digits)
    copied = at
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; ) {
    const end = text.indexOf('"', at)
    if (end < 0) return text.length
    let slashes = 0
    while (text[end - 1 - slashes] === '\\') slashes++
    at = end + 1
    if (slashes % 2 === 0) return at
  }
}

function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Object.freeze(value.map(revive))
  const entries = Object.entries(value).map(([key, field]) => [key, revive(field)] as const)
  const fields = Object.fromEntries(entries)
  const { _type_: type, _data_: data } = fields
  if (entries.length !== 2 || typeof type !== 'string' || !('_data_' in fields)) return Object.freeze(fields)
  if (type === 'bigint') return BigInt(data as string)
  return type === 'undefined' ? undefined : copyValue(decodeTyped(type, data), true, type)
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const key of Object.keys(value)) {
    const field = value[key as keyof T]
    if (typeof field === 'object') freeze(field)
  }
  return Object.freeze(value)
}
