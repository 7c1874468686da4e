/**
 * What stands in place of `platform.ts` in a bundle for browsers. What browsers have of this is asynchronous, and a
 * commit must not be.
 */
import { browserDisk } from './browser-disk'
import type { Disk, Hold } from './disk'

export { crc32 } from './crc32'

export const ownDisk: Disk = browserDisk()

/** A disk that is not the browser's own, such as one in a test, is this program's alone. */
export const lock = async (_: Disk, __: string): Promise<Hold> => ({ mustBeHeld() {}, release() {} })

/** The first bits of the fractions of roots of the first primes, as SHA-256 defines its constants. */
const primes = Array.from({ length: 312 }, (_, n) => n).filter(
  (n) => n > 1 && Array.from({ length: n }, (_, m) => m).every((m) => m < 2 || n % m !== 0),
)
const fractions = (root: (n: number) => number): Int32Array =>
  Int32Array.from(primes, (prime) => ((root(prime) % 1) * 2 ** 32) | 0)
const [initial, constants] = [fractions(Math.sqrt).subarray(0, 8), fractions(Math.cbrt)]

export function sha256(content: string | Uint8Array): string {
  const message = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64)
  padded.set(message)
  padded[message.length] = 0x80
  const data = new DataView(padded.buffer)
  data.setBigUint64(padded.length - 8, BigInt(message.length) * 8n)
  const state = initial.slice()
  const words = new Int32Array(64)
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 16; i++) words[i] = data.getInt32(block + 4 * i)
    for (let i = 16; i < 64; i++) {
      const [old, late] = [words[i - 15]!, words[i - 2]!]
      const first = turned(old, 7) ^ turned(old, 18) ^ (old >>> 3)
      words[i] = words[i - 16]! + first + words[i - 7]! + (turned(late, 17) ^ turned(late, 19) ^ (late >>> 10))
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + constants[i]! + words[i]!
      const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0]
    }
    for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = state[i]! + value
  }
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

const turned = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits))
