/** SHA-256, by the fastest that there is. */
import { sha256 as inJavaScript } from '@noble/hashes/sha2.js'
import { builtIn } from './host'

const node = builtIn<typeof import('node:crypto')>('crypto')

export const sha256: (bytes: Uint8Array) => Uint8Array = node
  ? (bytes) => node.createHash('sha256').update(bytes).digest()
  : inJavaScript
