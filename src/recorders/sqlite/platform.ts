/**
 * What Node does for a database in a file. A bundle for browsers takes `platform-browser.ts` in place of this file, as
 * the field `browser` of package.json says: both export the same names, and write the same journal.
 */
import { createHash } from 'node:crypto'
import { crc32 as ofNode } from 'node:zlib'
import type { Disk, Hold } from './disk'
import { Lock } from './lock'

export { nodeDisk as ownDisk } from './node-disk'

/** Typed here, as a program for browsers has no types of Node. */
export const crc32: (bytes: Uint8Array, seed?: number) => number = ofNode

/** The digest of a text, or of bytes, in hexadecimal. */
export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** Keeps other processes from writing to a database, on a disk that does not do so itself. */
export const lock = (disk: Disk, database: string): Promise<Hold> => Lock.acquire(disk, database)
