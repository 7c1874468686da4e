/**
 * Encrypts whole events with AES-GCM, under keys that can be replaced.
 *
 * A key without an id writes what the Python library writes. One with an id writes a header before it, which says which
 * key opens the row, so that a missing key, a wrong one and a changed row are told apart:
 *
 *     "DSK" 1 · 4 bytes that tell the key from others · length of the id · the id in UTF-8 · nonce, tag, ciphertext
 */
import { CorruptEventError } from '../errors'
import type { Cipher } from '../mapping/packing'
import { isEqual, joined } from '../values/bytes'
import { aes, overhead } from './aes'
import { encoder, isJson } from './bytes'
import { bytesOf, type Key } from './key'
import { sha256 } from './sha256'

/** A key and the id under which rows name it. Never give an id to another key. */
export interface NamedKey {
  /** Stored with each row, so it is no secret: a year, say. */
  readonly id: string
  readonly key: Key
}

const magic = Uint8Array.of(0x44, 0x53, 0x4b, 1)
const checkSize = 4

interface Known {
  readonly id: string | undefined
  readonly bytes: Uint8Array
  /** What stands before each row; empty without an id. */
  readonly header: Uint8Array
}

/**
 * AES-GCM, for the option `cipher` of an application.
 *
 * @param keys one key, or several: the first one encrypts, all of them decrypt. To replace a key, put another one before it
 * @throws TypeError for what is no key
 */
export function aesGcm(keys: Key | readonly (Key | NamedKey)[]): Cipher {
  const how = aes()
  const known = (Array.isArray(keys) ? (keys as readonly (Key | NamedKey)[]) : [keys as Key]).map(knownOf)
  const [current] = known
  if (!current) throw new TypeError('aesGcm() needs a key: createKey() makes one')
  const named = new Map<string, Known>()
  for (const each of known) {
    if (each.id === undefined) continue
    if (named.has(each.id)) throw new TypeError(`Two keys have the id '${each.id}': give each its own`)
    named.set(each.id, each)
  }
  const unnamed = known.filter(({ id }) => id === undefined)
  return {
    encrypt: (bytes) => {
      const { bytes: key, header } = current
      return header.length > 0 ? joined([header, how.seal(key, bytes, header)]) : how.seal(key, bytes)
    },
    decrypt(bytes) {
      const header = headerIn(bytes)
      const key = header && named.get(header.id)
      const isOther = key && !isEqual(key.header, header.bytes)
      const plain = key && !isOther && how.open(key.bytes, bytes.subarray(header.bytes.length), header.bytes)
      if (plain) return plain
      // A nonce of Python may look like a header, once in four billion rows.
      for (const { bytes: each } of unnamed) {
        const found = how.open(each, bytes)
        if (found) return found
      }
      throw new CorruptEventError(why(bytes, header?.id, { isKnown: !!key, isOther: !!isOther }, known))
    },
  }
}

function knownOf(key: Key | NamedKey): Known {
  if (Object(key) !== key || key instanceof Uint8Array)
    return { id: undefined, bytes: bytesOf(key as Key), header: new Uint8Array() }
  const { id, key: secret } = Object(key) as NamedKey
  const name = typeof id === 'string' ? encoder.encode(id) : new Uint8Array()
  if (name.length === 0 || name.length > 255)
    throw new TypeError("The id of a key is a text of 1 to 255 bytes: { id: '2026', key }")
  const bytes = bytesOf(secret)
  return { id, bytes, header: joined([magic, checkOf(bytes), Uint8Array.of(name.length), name]) }
}

/** Four bytes that tell a key from others, and nothing else about it. */
const checkOf = (key: Uint8Array): Uint8Array =>
  sha256(joined([encoder.encode('dog-school key check '), key])).subarray(0, checkSize)

function headerIn(bytes: Uint8Array): { readonly id: string; readonly bytes: Uint8Array } | undefined {
  const start = magic.length + checkSize + 1
  if (bytes.length < start || !isEqual(bytes.subarray(0, magic.length), magic)) return undefined
  const end = start + (bytes[start - 1] as number)
  return { id: new TextDecoder().decode(bytes.subarray(start, end)), bytes: bytes.subarray(0, end) }
}

function why(
  bytes: Uint8Array,
  id: string | undefined,
  { isKnown, isOther }: { isKnown: boolean; isOther: boolean },
  known: readonly Known[],
): string {
  if (isOther) return `the key that is given as '${id}' is not the one it was encrypted with: give that one`
  if (isKnown) return 'it was changed after it was encrypted: restore it from a backup'
  if (bytes.length < overhead) return 'it ends too soon: restore it from a backup'
  const ids = known.map((each) => (each.id === undefined ? 'one without an id' : `'${each.id}'`)).join(', ')
  if (id !== undefined) return `the key '${id}' is missing (given: ${ids}): add it to the keys of aesGcm()`
  if (isJson(bytes)) return 'it is not encrypted: it was recorded without a cipher, so open the store without one'
  if (known.every((each) => each.id !== undefined))
    return `it was encrypted with a key without an id, as by the Python library (given: ${ids}): add that key to those of aesGcm()`
  return 'it was encrypted with another key, or changed since: give the right key, or restore it from a backup'
}
