/**
 * JSON that gives back what it was given.
 *
 * Values of a class are objects of just `_type_` and `_data_`, as in the Python library. Whole numbers beyond
 * 2^53 are read as bigint, because a number would round them; a number of that size is written with `.0`, as
 * Python writes a float. `NaN`, which Python accepts, is no JSON: such a row is refused, not guessed at.
 */
import { decodeTyped, isPlainObject, transcodingOf } from './payload'

/** JSON of a value that an event can carry (or an aggregate's state). */
export function encode(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? `${BigInt(value)}.0` : JSON.stringify(value)
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? `{"_type_":"bigint","_data_":"${value}"}` : String(value)
    case 'object': {
      if (value === null) return 'null'
      if (Array.isArray(value)) return `[${value.map(encode).join(',')}]`
      if (!isPlainObject(value)) {
        const how = transcodingOf(value)
        if (!how)
          throw new TypeError(
            `a ${value.constructor?.name} cannot be stored: call transcoding(…) where its class is defined`,
          )
        return `{"_type_":${JSON.stringify(how.name)},"_data_":${encode(how.encode(value))}}`
      }
      let fields = ''
      for (const key in value)
        if (value[key] !== undefined) fields += `${fields && ','}${JSON.stringify(key)}:${encode(value[key])}`
      return `{${fields}}`
    }
    case 'function':
    case 'symbol':
      throw new TypeError(`a ${typeof value} cannot be stored`)
    default:
      return JSON.stringify(value) ?? 'null'
  }
}

const numberOrText = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** The value of a JSON text: whole numbers that a number cannot hold are bigints, typed values have their class. */
export function decode(text: string): unknown {
  const exact = /\d{16}/.test(text)
    ? text.replace(numberOrText, (token) =>
        /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token))
          ? `{"_type_":"bigint","_data_":"${token}"}`
          : token,
      )
    : text
  const value: unknown = JSON.parse(exact)
  return exact.includes('"_type_"') ? revive(value) : value
}

function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(revive)
  const entries = Object.entries(value).map(([key, field]) => [key, revive(field)] as const)
  const { _type_: type, _data_: data } = Object.fromEntries(entries)
  if (entries.length !== 2 || typeof type !== 'string' || data === undefined) return Object.fromEntries(entries)
  return type === 'bigint' ? BigInt(data as string) : decodeTyped(type, data)
}
