/**
 * `dog-school/encryption`: compressed and encrypted events, and people who can be forgotten. It runs in a browser, too.
 * Install `@noble/ciphers`, `@noble/hashes` and `fflate` beside it.
 */
export { aesGcm, type NamedKey } from './encryption/cipher'
export { HashChain } from './encryption/hash-chain'
export { createKey, type Key } from './encryption/key'
export { type KeyRing, type KeyStore, MemoryKeyStore, type Person } from './encryption/key-store'
export { SubjectKeys } from './encryption/subject-keys'
export { zlib } from './encryption/zlib'
