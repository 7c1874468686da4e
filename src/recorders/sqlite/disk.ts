/**
 * What is needed of a disk: an interface, so that a test can put one in the place of the real one that fails,
 * or that ends the process, at any step. What it refuses is said in words, whichever disk it is.
 *
 * Nearly everything waits for the disk where it stands. A commit cannot be interleaved with anything then, and
 * one wait at a time is what a journal needs. Only what takes long is done while the process goes on.
 */
import { EventSourcingError, StorageError } from '../../errors'

/** A file that is open for writing. */
export interface Handle {
  readonly fd: number
  readonly path: string
  /** Which file it is, whatever its name: for a disk that can tell. */
  readonly identity?: string
}

export interface FileState {
  readonly size: number
  readonly mode: number
  /** Whose it is: a user and a group, as numbers. */
  readonly uid: number
  readonly gid: number
  readonly isFolder: boolean
  /** How many names it has. */
  readonly links: number
  /** Another text whenever somebody has written to the file or put another in its place. */
  readonly stamp: string
}

export interface Disk {
  /** The path from the root: what it means now, whichever folder the process goes to later. */
  resolve(path: string): string
  /** The path without symbolic links, also of a file that is not there yet. */
  realPath(path: string): string
  /** What is in a file, or in its first `length` bytes; nothing where there is no file. */
  read(path: string, length?: number): Uint8Array | undefined
  /** Puts what is in a file into memory that is asked for when its size is known; `false` where there is no file. */
  load(path: string, memory: (size: number) => Uint8Array): boolean
  stat(path: string): FileState | undefined
  mayWrite(path: string): boolean
  /** Makes a file with this in it, never to be seen half-written; `false` if there is one already. */
  create(path: string, bytes: Uint8Array): boolean
  /** `new`: there must be none yet, and it gets the mode and, where possible, the owner of this other file. `existing`: as it is. */
  open(path: string, how: 'new' | 'existing', like?: FileState): Handle
  /** Writes all of the bytes at this place. */
  write(handle: Handle, bytes: Uint8Array, position: number): void
  truncate(handle: Handle, length: number): void
  /** Returns when what was written would survive a power failure. */
  sync(handle: Handle): void
  /** The same as `write` and `sync`, while the process goes on with other work. The bytes are not changed meanwhile. */
  writeLater(handle: Handle, bytes: Uint8Array, position: number): Promise<void>
  syncLater(handle: Handle): Promise<void>
  close(handle: Handle): void
  rename(from: string, to: string): void
  /** Removes a file, if there is one. */
  remove(path: string): void
  /** Makes the name of this file, and all others in its folder, survive a power failure. */
  syncFolder(path: string): void

  // What follows may be left out by a disk that has no such thing.

  /** Is the file that is open still the one of its name? Nobody finds what is written to another one. */
  isInPlace?(handle: Handle): boolean
  /** The names in a folder; none where it may not be listed. */
  names?(folder: string): string[]
  /**
   * Makes a socket of this name, at which this process listens until what is returned is called; nothing where it
   * could not be told for certain from the outside whether it still does.
   */
  listen?(path: string): Promise<(() => void) | undefined>
  /** Is anybody listening at this socket? Nothing where that is not certain. */
  isListening?(path: string): Promise<boolean | undefined>
}

/** Work that is done part by part, at once or while the process goes on with something else in between. */
export type Parts = Generator<{ now(): void; later(): Promise<void> }, void>

export function doNow(parts: Parts): void {
  for (const part of parts) part.now()
}

export async function doLater(parts: Parts): Promise<void> {
  for (const part of parts) await part.later()
}

const reasons: Record<string, string> = {
  ENOSPC: 'the disk is full: make room, then try again',
  EDQUOT: 'the disk quota is used up: make room, then try again',
  EACCES: 'this user may not: change its permissions or those of its folder, or open it with { readOnly: true }',
  EPERM: 'this user may not: change its permissions or those of its folder, or open it with { readOnly: true }',
  EROFS: 'the file system is for reading only: open it with { readOnly: true }, or copy it elsewhere',
  EISDIR: 'it is a folder: name a file',
  ENOTDIR: 'a part of its path is a file, not a folder: correct the path',
  ENOENT: 'its folder does not exist: create it, or correct the path',
  ELOOP: 'its symbolic links go round in a circle: correct them',
  EIO: 'the disk failed: save a copy elsewhere with backup() while this process lives',
  EMFILE: 'this process has too many files open: close some, then try again',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GB: it must be kept in a database of another kind',
}

/** The error for `path`, which could not be read or written. */
export function refused(verb: string, path: string, error: unknown): Error {
  if (error instanceof EventSourcingError) return error
  const { code = '', message } = error as NodeJS.ErrnoException
  return new StorageError(`${path} cannot be ${verb}: ${reasons[code] ?? message}${code && ` (${code})`}`, {
    cause: error,
  })
}

/** The same disk, with errors in words. */
export function inWords(disk: Disk): Disk {
  const say =
    <A extends unknown[], R>(verb: string, action: (...args: A) => R): ((...args: A) => R) =>
    (...args) => {
      try {
        return action(...args)
      } catch (error) {
        throw refused(verb, pathOf(args[0]), error)
      }
    }
  const sayLater =
    <A extends unknown[], R>(verb: string, action: (...args: A) => Promise<R>): ((...args: A) => Promise<R>) =>
    async (...args) => {
      try {
        return await action(...args)
      } catch (error) {
        throw refused(verb, pathOf(args[0]), error)
      }
    }
  return {
    resolve: disk.resolve,
    realPath: say('found', disk.realPath),
    read: say('read', disk.read),
    load: say('read', disk.load),
    stat: say('found', disk.stat),
    mayWrite: disk.mayWrite,
    create: say('made', disk.create),
    open: say('written', disk.open),
    write: say('written', disk.write),
    writeLater: sayLater('written', disk.writeLater),
    syncLater: sayLater('written', disk.syncLater),
    truncate: say('written', disk.truncate),
    sync: say('written', disk.sync),
    close: say('closed', disk.close),
    rename: say('renamed', disk.rename),
    remove: say('removed', disk.remove),
    syncFolder: say('written', disk.syncFolder),
    ...(disk.isInPlace && { isInPlace: say('found', disk.isInPlace) }),
    ...(disk.names && { names: disk.names }),
    ...(disk.listen && { listen: disk.listen }),
    ...(disk.isListening && { isListening: disk.isListening }),
  }
}

const pathOf = (target: unknown): string => (typeof target === 'string' ? target : (target as Handle).path)

/** What is to be written cannot be made into one text. */
export class TooLargeError extends StorageError {}

export const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000).toLocaleString('en')} MB`

/** A command for the user's shell, whatever the path has in it. */
export const sqlite3 = (path: string, sql: string): string => `sqlite3 ${quoted(path)} ${quoted(sql)}`

/** As a shell takes it for one word. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
