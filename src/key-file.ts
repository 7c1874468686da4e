/**
 * `dog-school/key-file`: the keys of people in a file of their own, for Node.
 *
 * A new key is appended, and synced before anything is recorded under it. A forgetting writes the file anew, without the
 * key, puts it in place of the old one, and overwrites that. One process writes; others may read.
 */
import { randomUUID } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { linesOf, read, textOf } from './encryption/key-lines'
import { type KeyRing, type KeyStore, newRing, type Person } from './encryption/key-store'
import { KeyFileError, ReadOnlyError } from './errors'
import { type Disk, type Handle, inWords } from './recorders/sqlite/disk'
import { Lock } from './recorders/sqlite/lock'
import { nodeDisk } from './recorders/sqlite/node-disk'
import { wasClosed } from './refusals'

export interface KeyFileOptions {
  /** For a process that only reads events: it learns of new keys, and of whom is forgotten, while another one writes. */
  readonly readOnly?: boolean
  /** That of this machine by default. */
  readonly disk?: Disk
}

/**
 * Keys in a file, which is made if there is none. Only its owner may read it (mode 0600). Do not keep it beside the log,
 * nor in the backups of the log: whoever has both reads everything, and a copy brings forgotten people back.
 *
 * @throws DatabaseLockedError if another process has it open for writing
 * @throws KeyFileError if it is damaged, or no file of keys; NewerSchemaError; StorageError
 */
export function keyFile(path: string, { readOnly = false, disk: own = nodeDisk }: KeyFileOptions = {}): KeyStore {
  if (typeof path !== 'string' || path === '')
    throw new TypeError(`keyFile() takes the path of a file: keyFile('people.keys'), not ${JSON.stringify(path)}`)
  const disk = inWords(own)
  const real = disk.realPath(disk.resolve(path))
  return readOnly ? new KeyReader(disk, real) : new KeyWriter(disk, real)
}

class KeyReader implements KeyStore {
  readonly #disk: Disk
  readonly #path: string
  #ring: KeyRing | undefined
  #stamp: string | undefined

  constructor(disk: Disk, path: string) {
    this.#disk = disk
    this.#path = path
    this.read()
  }

  read(): KeyRing {
    for (;;) {
      const stamp = this.#disk.stat(this.#path)?.stamp
      if (this.#ring && stamp === this.#stamp) return this.#ring
      const text = textIn(this.#disk, this.#path)
      if (text === undefined) throw new KeyFileError(`There is no file of keys ${this.#path}: correct the path`)
      try {
        this.#ring = read(text, this.#path).ring
        // If it was written meanwhile, it is read again the next time.
        this.#stamp = stamp
      } catch (error) {
        // It may have been replaced, and overwritten, while it was read.
        if (this.#disk.stat(this.#path)?.stamp === stamp) throw error
      }
    }
  }
  add(): void {
    throw new ReadOnlyError(`${this.#path} is open for reading only: record events where it is open for writing`)
  }
  replace(): void {
    throw new ReadOnlyError(`${this.#path} is open for reading only: forget people where it is open for writing`)
  }
}

class KeyWriter implements KeyStore {
  readonly #disk: Disk
  readonly #path: string
  readonly #lock: Lock
  #handle: Handle | undefined
  #people: Person[] = []
  #ring!: KeyRing
  #length = 0
  #stamp: string | undefined
  /** Something may stand after the last key: a write has failed. */
  #isTorn = false
  /** Would its name survive a power failure? */
  #isNamed = true

  constructor(disk: Disk, path: string) {
    this.#disk = disk
    this.#path = path
    this.#lock = Lock.take(disk, path)
    try {
      this.#tidy()
      const text = textIn(disk, path)
      if (text === undefined) this.#write(newRing())
      else this.#open(text)
    } catch (error) {
      this.close()
      throw error
    }
  }

  read(): KeyRing {
    // Another process may forget people by now.
    if (!this.#handle) throw wasClosed('file of keys')
    return this.#ring
  }

  add(people: readonly Person[]): void {
    const handle = this.#mustBeOurs()
    const bytes = Buffer.from(linesOf(people))
    if (this.#isTorn) this.#disk.truncate(handle, this.#length)
    this.#isTorn = true
    this.#disk.write(handle, bytes, this.#length)
    this.#disk.sync(handle)
    this.#isTorn = false
    this.#length += bytes.length
    this.#stamp = this.#disk.stat(this.#path)?.stamp
    for (const person of people) this.#people.push(person)
  }

  replace(ring: KeyRing): void {
    const old = this.#mustBeOurs()
    const isOnly = this.#disk.stat(this.#path)?.links === 1
    const length = this.#length
    try {
      this.#write(ring)
      // Another name of it is a backup that somebody made.
      if (isOnly) {
        this.#disk.write(old, Buffer.alloc(length, '\n'), 0)
        this.#disk.sync(old)
      }
    } finally {
      if (this.#handle !== old) this.#disk.close(old)
    }
  }

  close(): void {
    const handle = this.#handle
    this.#handle = undefined
    try {
      if (handle) this.#disk.close(handle)
    } finally {
      this.#lock.release()
    }
  }

  #open(text: string): void {
    const { ring, length } = read(text, this.#path)
    const { mode = 0 } = this.#disk.stat(this.#path) ?? {}
    if ((mode & 0o077) !== 0) this.#write(ring)
    else this.#use(ring, this.#disk.open(this.#path, 'existing'), length)
  }

  /** Puts these keys in place of what is there. */
  #write(ring: KeyRing): void {
    const bytes = Buffer.from(textOf(ring))
    const draft = `${this.#path}.new-${randomUUID()}`
    const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    const like = { mode: 0o600, ...owner, size: 0, isFolder: false, links: 1, stamp: '' }
    const handle = this.#disk.open(draft, 'new', like)
    try {
      this.#disk.write(handle, bytes, 0)
      this.#disk.sync(handle)
      this.#disk.rename(draft, this.#path)
    } catch (error) {
      this.#disk.close(handle)
      this.#disk.remove(draft)
      throw error
    }
    this.#use(ring, handle, bytes.length)
    this.#isNamed = false
    this.#mustBeNamed()
  }

  #mustBeNamed(): void {
    if (!this.#isNamed) this.#disk.syncFolder(this.#path)
    this.#isNamed = true
  }

  #use(ring: KeyRing, handle: Handle, length: number): void {
    this.#people = [...ring.people]
    this.#ring = { ...ring, people: this.#people }
    this.#handle = handle
    this.#length = length
    this.#isTorn = false
    this.#stamp = this.#disk.stat(this.#path)?.stamp
  }

  #mustBeOurs(): Handle {
    if (!this.#handle) throw wasClosed('file of keys')
    this.#lock.mustBeHeld()
    this.#mustBeNamed()
    const stamp = this.#disk.stat(this.#path)?.stamp
    if (stamp === this.#stamp || this.#isTorn) return this.#handle
    throw new KeyFileError(
      `${this.#path} was changed, moved or replaced by another program, so nothing is written to it: put the newest file of keys there, and start again`,
    )
  }

  /** A draft that was left behind has keys in it that may be forgotten later. */
  #tidy(): void {
    for (const name of this.#disk.names?.(dirname(this.#path)) ?? [])
      if (name.startsWith(`${basename(this.#path)}.new-`)) this.#disk.remove(join(dirname(this.#path), name))
  }
}

function textIn(disk: Disk, path: string): string | undefined {
  const bytes = disk.read(path)
  return bytes && Buffer.from(bytes).toString('latin1')
}
