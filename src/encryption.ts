/**
 * `dog-school/encryption`: compressed and encrypted events. It runs in a browser, too. Install `@noble/ciphers` and
 * `fflate` beside it.
 */
export { aesGcm, type NamedKey } from './encryption/cipher'
export { createKey, type Key } from './encryption/key'
export { zlib } from './encryption/zlib'
