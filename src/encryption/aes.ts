/**
 * AES-GCM in the form in which the Python library stores it: a nonce of 12 bytes, a tag of 16, the ciphertext.
 *
 * Each call has a random nonce: of one key, use at most 2^32 (NIST SP 800-38D), which is four billion events.
 */
import { gcm } from '@noble/ciphers/aes.js'
import { joined } from '../values/bytes'
import { random } from './bytes'
import { builtIn } from './host'

const [nonceSize, tagSize] = [12, 16]
export const overhead = nonceSize + tagSize

/** Encrypts bytes. Those of `about` are not in the result, but must be the same when it is opened. */
export interface Aes {
  seal(key: Uint8Array, plain: Uint8Array, about?: Uint8Array): Uint8Array
  /** Undefined if it was sealed with another key, about something else, or changed since. */
  open(key: Uint8Array, sealed: Uint8Array, about?: Uint8Array): Uint8Array | undefined
}

/** The fastest that there is. */
export function aes(): Aes {
  const node = builtIn<typeof import('node:crypto')>('crypto')
  return node ? inNode(node) : inJavaScript
}

const inJavaScript: Aes = {
  seal(key, plain, about) {
    const nonce = random(nonceSize)
    const sealed = gcm(key, nonce, about).encrypt(plain)
    const end = sealed.length - tagSize
    return joined([nonce, sealed.subarray(end), sealed.subarray(0, end)])
  },
  open(key, sealed, about) {
    if (sealed.length < overhead) return undefined
    const [nonce, tag, text] = partsOf(sealed)
    try {
      return gcm(key, nonce, about).decrypt(joined([text, tag]))
    } catch {
      return undefined
    }
  },
}

function inNode({ createCipheriv, createDecipheriv }: typeof import('node:crypto')): Aes {
  const nameOf = (key: Uint8Array) => `aes-${(key.length * 8) as 256}-gcm` as const
  return {
    seal(key, plain, about) {
      const nonce = random(nonceSize)
      const cipher = createCipheriv(nameOf(key), key, nonce)
      if (about) cipher.setAAD(about)
      const text = cipher.update(plain)
      cipher.final()
      return joined([nonce, cipher.getAuthTag(), text])
    },
    open(key, sealed, about) {
      if (sealed.length < overhead) return undefined
      const [nonce, tag, text] = partsOf(sealed)
      const decipher = createDecipheriv(nameOf(key), key, nonce, { authTagLength: tagSize })
      decipher.setAuthTag(tag)
      if (about) decipher.setAAD(about)
      const plain = decipher.update(text)
      try {
        decipher.final()
        return plain
      } catch {
        return undefined
      }
    },
  }
}

const partsOf = (sealed: Uint8Array) =>
  [sealed.subarray(0, nonceSize), sealed.subarray(nonceSize, overhead), sealed.subarray(overhead)] as const
