/**
 * The operations of a disk: an interface, so that a test can replace the real disk by one that fails or ends the
 * process at any step. `inWords` turns the errors of any disk into readable ones.
 *
 * Nearly all operations are synchronous, so that nothing can interleave with a commit. Only those that take long are
 * asynchronous.
 */
import { EventSourcingError, StorageError } from '../../errors'

/** A file that is open for writing. */
export interface Handle {
  readonly fd: number
  readonly path: string
  /** Identifies the file, whatever its name; missing if the disk has no such thing. */
  readonly identity?: string
}

export interface FileState {
  readonly size: number
  readonly mode: number
  /** The ids of its owner and group. */
  readonly uid: number
  readonly gid: number
  readonly isFolder: boolean
  /** The number of its hard links. */
  readonly links: number
  /** A string that changes whenever the file is written or replaced. */
  readonly stamp: string
}

/** While it is held, nobody else writes to a database. */
export interface Hold {
  /** @throws DatabaseLockedError if it was lost: another process may be writing by now */
  mustBeHeld(): void
  release(): void
}

export interface Disk {
  /** The absolute path, which does not depend on the current folder later. */
  resolve(path: string): string
  /** The path without symbolic links, also of a file that does not exist yet. */
  realPath(path: string): string
  /** The contents of a file, or its first `length` bytes; undefined if there is no file. */
  read(path: string, length?: number): Uint8Array | undefined
  /** Reads a file into the array that `memory` returns for its size; `false` if there is no file. */
  load(path: string, memory: (size: number) => Uint8Array): boolean
  stat(path: string): FileState | undefined
  mayWrite(path: string): boolean
  /** Creates a file with these contents, which is never visible half-written; `false` if it exists already. */
  create(path: string, bytes: Uint8Array): boolean
  /** `new`: it must not exist yet; gets the mode and, if possible, the owner of `like`. `existing`: without changes. */
  open(path: string, how: 'new' | 'existing', like?: FileState): Handle
  /** Writes all of the bytes at this position. */
  write(handle: Handle, bytes: Uint8Array, position: number): void
  truncate(handle: Handle, length: number): void
  /** Returns when what was written would survive a power failure. */
  sync(handle: Handle): void
  /** Like `write` and `sync`, but asynchronous. The caller must not change the bytes meanwhile. */
  writeLater(handle: Handle, bytes: Uint8Array, position: number): Promise<void>
  syncLater(handle: Handle): Promise<void>
  close(handle: Handle): void
  rename(from: string, to: string): void
  /** Removes a file, if there is one. */
  remove(path: string): void
  /** Returns when the names in the folder of this file would survive a power failure. */
  syncFolder(path: string): void

  // A disk need not have these.

  /**
   * Opens the disk for one database, before anything else is asked of it. Without this, the disk is always open, and a
   * file beside the database is its lock.
   *
   * @throws DatabaseLockedError if the database is open elsewhere
   */
  hold?(path: string): Promise<Hold>
  /** Does this open file still have its name? If not, nobody would find what is written to it. */
  isInPlace?(handle: Handle): boolean
  /** The names in a folder; none if it cannot be listed. */
  names?(folder: string): string[]
  /**
   * Listens on a socket at this path until the returned function is called; undefined if other processes could not tell
   * for certain whether it still does.
   */
  listen?(path: string): Promise<(() => void) | undefined>
  /** Does a process listen on this socket? Undefined if that is not certain. */
  isListening?(path: string): Promise<boolean | undefined>
}

/** Work that is done part by part: all at once, or with other work in between. */
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
  EACCES: 'permission denied: change its permissions or those of its folder, or open it with { readOnly: true }',
  EPERM: 'permission denied: change its permissions or those of its folder, or open it with { readOnly: true }',
  EROFS: 'the file system is read-only: open it with { readOnly: true }, or copy it elsewhere',
  EISDIR: 'it is a folder: name a file',
  ENOTDIR: 'a part of its path is a file, not a folder: correct the path',
  ENOENT: 'its folder does not exist: create it, or correct the path',
  ELOOP: 'its symbolic links form a circle: correct them',
  EIO: 'the disk failed: save a copy elsewhere with backup() before this process ends',
  EMFILE: 'this process has too many files open: close some, then try again',
  QuotaExceededError: 'the browser gives this site no more room: delete what is no longer needed, then try again',
  InvalidStateError: 'the browser has closed it, perhaps because the data of this site was deleted: open it again',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GB: use another kind of database',
}

/** The error for a path that cannot be read or written. */
export function refused(verb: string, path: string, error: unknown): Error {
  if (error instanceof EventSourcingError) return error
  const { code = '', name, message } = error as NodeJS.ErrnoException
  // The code of a browser's error is a number that says nothing.
  const known = typeof code === 'string' ? code : name
  return new StorageError(`${path} cannot be ${verb}: ${reasons[known] ?? message}${known && ` (${known})`}`, {
    cause: error,
  })
}

/** The same disk, with errors that say what to do. */
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
    create: say('created', disk.create),
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
    ...(disk.hold && { hold: sayLater('opened', disk.hold) }),
    ...(disk.isInPlace && { isInPlace: say('found', disk.isInPlace) }),
    ...(disk.names && { names: disk.names }),
    ...(disk.listen && { listen: disk.listen }),
    ...(disk.isListening && { isListening: disk.isListening }),
  }
}

const pathOf = (target: unknown): string => (typeof target === 'string' ? target : (target as Handle).path)

/** The commit is longer than a string can be. */
export class TooLargeError extends StorageError {}

export function inMegabytes(bytes: number): string {
  const [unit, name] = bytes < 1_000_000 ? [1000, 'kB'] : [1_000_000, 'MB']
  return `${Math.round(bytes / unit).toLocaleString('en')} ${name}`
}

/** A command for the user's shell, whatever characters the path contains. */
export const sqlite3 = (path: string, sql: string): string => `sqlite3 ${quoted(path)} ${quoted(sql)}`

/** Quoted as one word for a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
