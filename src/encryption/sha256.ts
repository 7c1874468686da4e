/** SHA-256, and HMAC with it, by the fastest that there is. */
import { hmac as hmacInJavaScript } from '@noble/hashes/hmac.js'
import { sha256 as inJavaScript } from '@noble/hashes/sha2.js'
import { builtIn } from './host'

const node = builtIn<typeof import('node:crypto')>('crypto')

export const sha256: (bytes: Uint8Array) => Uint8Array = node
  ? (bytes) => node.createHash('sha256').update(bytes).digest()
  : inJavaScript

export const hmac: (key: Uint8Array, bytes: Uint8Array) => Uint8Array = node
  ? (key, bytes) => node.createHmac('sha256', key).update(bytes).digest()
  : (key, bytes) => hmacInJavaScript(inJavaScript, key, bytes)
