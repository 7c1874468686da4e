/** What users are told about their files: every error of a disk, whichever it is, becomes a `StorageError` in words. */
import { EventSourcingError, StorageError } from '../../errors'
import type { Disk, Handle } from './disk'

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

export const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000).toLocaleString('en')} MB`

/** A command for the user's shell, whatever the path has in it. */
export const sqlite3 = (path: string, sql: string): string => `sqlite3 ${quoted(path)} ${quoted(sql)}`

/** As a shell takes it for one word. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
