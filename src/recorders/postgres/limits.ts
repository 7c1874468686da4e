/** What PostgreSQL has no room for: it would be cut, or refused in words that do not help. */
import type { IdType } from './tables'

/** With what is added, a name must not be longer than PostgreSQL's, which would cut it. */
export function mustBeName(option: string, name: string): void {
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(name))
    throw new TypeError(
      `${option} is '${name}': use at most 40 small letters, digits and underscores, and no digit at the beginning`,
    )
}

/** Node takes a longer time, and one that is none, for a millisecond. */
const LONGEST_TIME = 2 ** 31 - 1

export function mustBeTime(option: string, time = 0): void {
  if (!(time >= 0 && time <= LONGEST_TIME))
    throw new TypeError(
      `${option} is ${time}: give a number of milliseconds, which is at most ${LONGEST_TIME}, or 24 days`,
    )
}

export function mustBeNumber(option: string, number = 1): void {
  if (!Number.isSafeInteger(number) || number < 1)
    throw new TypeError(`${option} is ${number}: give a whole number from 1 on`)
}

/** Refuses an id that would come back in another form. */
export function mustBeId(idType: IdType, id: string): void {
  if (!isIdOf(idType, id))
    throw new TypeError(
      `'${id.slice(0, 40)}' cannot be an id in these tables, whose ids are UUIDs: use 32 hexadecimal digits in lower case, as the library makes them, or tables with another prefix`,
    )
}

/** Can there be rows with this id? */
export const isIdOf = (idType: IdType, id: string): boolean =>
  idType === 'uuid' ? /^[0-9a-f]{32}$/.test(id) : isText(id)

/** Can there be such a text? */
export const isText = (text: string): boolean =>
  (text as string & { isWellFormed(): boolean }).isWellFormed() && !text.includes('\0')

/** In bytes: two of them fit in a row of an index, which has about 2,700. */
const LONGEST = 1000

/** Refuses what PostgreSQL cannot look for. */
export function mustFit(...texts: readonly string[]): void {
  const long = texts.find((text) => text.length > LONGEST / 3 && Buffer.byteLength(text) > LONGEST)
  if (long !== undefined)
    throw new TypeError(
      `'${long.slice(0, 40)}…' has ${Buffer.byteLength(long)} bytes: PostgreSQL looks for ids, topics, tags and keys of up to ${LONGEST}. Shorten it, or use a hash of it`,
    )
}
