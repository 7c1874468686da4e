/**
 * The text of a file of keys: a title, the store of keys, then a line for each key that was ever made, each with a
 * checksum. A forgotten person has a line without a key.
 */
import { KeyFileError, NewerSchemaError } from '../errors'
import { fromBase64, toBase64 } from '../values/base64'
import { toHex } from '../values/bytes'
import { encoder } from './bytes'
import type { KeyRing, Person } from './key-store'
import { sha256 } from './sha256'

const title = 'dog-school keys 1'

export function textOf({ people, id, salt, generation, sealing }: KeyRing): string {
  const ring = { id, salt: toBase64(salt), generation, sealing: toBase64(sealing) }
  return `${title}\n${lineOf(ring)}${linesOf(people)}`
}

export const linesOf = (people: readonly Person[]): string =>
  people.map(({ mark, key }) => lineOf(key ? { mark, key: toBase64(key) } : { mark })).join('')

function lineOf(fields: object): string {
  const json = JSON.stringify(fields)
  return `${json} ${checkOf(json)}\n`
}
const checkOf = (json: string): string => toHex(sha256(encoder.encode(json)).subarray(0, 4))

/**
 * The keys in this text, and how much of it they are. A last line that does not end was being written when the process
 * or the machine stopped: nothing is recorded under its key.
 *
 * @throws KeyFileError, NewerSchemaError
 */
export function read(text: string, path: string): { readonly ring: KeyRing; readonly length: number } {
  const lines = text.split('\n')
  const torn = lines.pop() as string
  const [first, ...more] = lines
  if (first !== title) {
    if (/^dog-school keys \d+$/.test(first ?? ''))
      throw new NewerSchemaError(`${path} was written by a newer version of this library: use that one`)
    throw new KeyFileError(`${path} is no file of keys: correct the path`)
  }
  const [ring, ...people] = more.map((line, i) => fieldsOf(line, path, i + 2))
  if (!ring) throw new KeyFileError(`${path} ends too soon: restore it from the newest backup of the keys`)
  return {
    ring: {
      id: String(ring.id),
      generation: String(ring.generation),
      salt: bytesIn(ring.salt),
      sealing: bytesIn(ring.sealing),
      people: people.map(({ mark, key }) => ({
        mark: String(mark),
        key: key === undefined ? undefined : bytesIn(key),
      })),
    },
    length: text.length - torn.length,
  }
}

function fieldsOf(line: string, path: string, number: number): Readonly<Record<string, unknown>> {
  const json = line.slice(0, -9)
  if (line.length > 9 && line.at(-9) === ' ' && line.slice(-8) === checkOf(json)) return JSON.parse(json)
  throw new KeyFileError(`Line ${number} of ${path} is damaged: restore it from the newest backup of the keys`)
}

const bytesIn = (text: unknown): Uint8Array => fromBase64(String(text)) ?? new Uint8Array()
