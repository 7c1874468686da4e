/** Keys for AES, as the Python library writes them: base64. No message and no error contains one. */

import { fromBase64, toBase64 } from '../values/base64'
import { random } from './bytes'

/** A key of 128, 192 or 256 bits: its bytes, or these in base64, as `createKey` returns them. */
export type Key = string | Uint8Array

/** @returns a new key in base64, as in the `CIPHER_KEY` of the Python library. Keep it with your secrets */
export function createKey(bits: 128 | 192 | 256 = 256): string {
  if (![128, 192, 256].includes(bits)) throw new TypeError(`A key has 128, 192 or 256 bits, not ${bits}`)
  return toBase64(random(bits / 8))
}

/** @throws TypeError if it is none, which does not say what it is */
export function bytesOf(key: Key): Uint8Array {
  const bytes = typeof key === 'string' ? fromBase64(key) : key
  if (bytes instanceof Uint8Array && [16, 24, 32].includes(bytes.length)) return bytes.slice()
  const what =
    bytes instanceof Uint8Array ? `${bytes.length} bytes` : typeof key === 'string' ? 'another text' : typeof key
  throw new TypeError(`A key is 16, 24 or 32 bytes, or these in base64, not ${what}: createKey() makes one`)
}
