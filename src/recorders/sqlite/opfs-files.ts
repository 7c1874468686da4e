/**
 * Named files in a browser's private file system, all of them open.
 *
 * That file system opens, renames and removes only asynchronously, and a commit must not wait. So a folder of it holds
 * numbered files that are opened beforehand, as SQLite's own `opfs-sahpool` does. The first bytes of each are its header:
 * its name, if it has one, and a number that grows. A name that two files have is that of the later one, so a single
 * write moves it from one file to another, and at any moment a name means a whole old file or a whole new one.
 */
import { crc32 } from './crc32'

/** What the library uses of a browser's `FileSystemSyncAccessHandle`. */
export interface OpfsHandle {
  read(into: Uint8Array, options: { at: number }): number
  write(bytes: Uint8Array, options: { at: number }): number
  truncate(length: number): void
  getSize(): number
  flush(): void
  close(): void
}

/** What it uses of a `FileSystemFileHandle`; only a dedicated worker can open one. */
export interface OpfsFile {
  createSyncAccessHandle?(): Promise<OpfsHandle>
}

/** What it uses of a `FileSystemDirectoryHandle`. */
export interface OpfsFolder {
  getDirectoryHandle(name: string, options: { create: true }): Promise<OpfsFolder>
  getFileHandle(name: string, options: { create: true }): Promise<OpfsFile>
  keys(): AsyncIterable<string>
}

/** In bytes: a page of SQLite, so that those of a database stay in their places on the disk. */
const headerSize = 4096
/** How many nameless files there are: a database uses two, and two more during a checkpoint. */
const spare = 6

interface Slot {
  readonly number: number
  readonly handle: OpfsHandle
  /** Undefined if the file is free. */
  name: string | undefined
  /** Of two files with one name, the one in which this is larger has it. */
  turn: number
  /** How many times it was written. */
  changes: number
  /** How many handles of the disk are open. */
  uses: number
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export class OpfsFiles {
  readonly #open: (number: number) => Promise<OpfsHandle>
  readonly #slots: Slot[] = []
  #turn = 0
  #isClosed = false
  #isGrowing = false

  /** Opens every file of a folder. @throws the browser's error, if one of them is open elsewhere */
  static async in(folder: OpfsFolder, open: (file: OpfsFile) => Promise<OpfsHandle>): Promise<OpfsFiles> {
    const files = new OpfsFiles(async (number) => open(await folder.getFileHandle(String(number), { create: true })))
    try {
      // The first one stands for all: whoever has it gets the others.
      await files.#add(0)
      let last = 0
      for await (const name of folder.keys()) last = Math.max(last, Number(name))
      for (let number = 1; number <= last; number++) await files.#add(number)
      files.#tidy()
      await files.grow()
      return files
    } catch (error) {
      files.close()
      throw error
    }
  }

  private constructor(open: (number: number) => Promise<OpfsHandle>) {
    this.#open = open
  }

  /** Opens more files, if few are free. */
  async grow(): Promise<void> {
    if (this.#isGrowing) return
    this.#isGrowing = true
    try {
      while (!this.#isClosed && this.#slots.filter(isFree).length < spare) await this.#add(this.#slots.length)
    } finally {
      this.#isGrowing = false
    }
  }

  /** The file of this name. */
  find(name: string): Slot | undefined {
    return this.#slots.filter((slot) => slot.name === name).sort((a, b) => b.turn - a.turn)[0]
  }

  /** The file with this number. */
  at(number: number): Slot {
    return this.#slots[number]!
  }

  /** An empty file, which has this name when this returns. */
  make(name: string): Slot {
    const slot = this.#slots.find(isFree)
    if (!slot) throw Object.assign(new Error('no file is open and free: try again'), { code: 'EMFILE' })
    slot.handle.truncate(headerSize)
    this.#name(slot, name)
    return slot
  }

  /** Gives a file another name; a file that has it loses it at the same moment. */
  rename(slot: Slot, name: string): void {
    const old = this.#slots.filter((each) => each.name === name && each !== slot)
    this.#name(slot, name)
    for (const each of old)
      try {
        this.#free(each)
      } catch {
        // It has lost its name all the same, and is freed when the folder is opened again.
      }
  }

  remove(name: string): void {
    // The oldest first, so that none of them comes back.
    for (const slot of this.#slots.filter((each) => each.name === name).sort((a, b) => a.turn - b.turn))
      this.#free(slot)
  }

  size({ handle }: Slot): number {
    return Math.max(0, handle.getSize() - headerSize)
  }

  read({ handle }: Slot, into: Uint8Array, position: number): number {
    return handle.read(into, { at: headerSize + position })
  }

  write(slot: Slot, bytes: Uint8Array, position: number): void {
    slot.changes++
    put(slot.handle, bytes, headerSize + position)
  }

  truncate(slot: Slot, length: number): void {
    slot.changes++
    slot.handle.truncate(headerSize + length)
  }

  close(): void {
    this.#isClosed = true
    for (const { handle } of this.#slots) handle.close()
  }

  async #add(number: number): Promise<void> {
    const handle = await this.#open(number)
    if (this.#isClosed) return handle.close()
    const { name, turn } = headerIn(handle)
    this.#turn = Math.max(this.#turn, turn)
    this.#slots[number] = { number, handle, name, turn, changes: 0, uses: 0 }
  }

  /** Frees what had lost its name when its program was killed, perhaps before that was safe on the disk. */
  #tidy(): void {
    for (const { name, handle } of this.#slots) if (name !== undefined) handle.flush()
    for (const slot of this.#slots) if (slot.name !== undefined && this.find(slot.name) !== slot) this.#free(slot)
  }

  #name(slot: Slot, name: string): void {
    this.#head(slot, name, ++this.#turn)
  }

  #free(slot: Slot): void {
    this.#head(slot, undefined, 0)
    try {
      slot.handle.truncate(headerSize)
    } catch {
      // It is done again when the file gets a name.
    }
  }

  /** If it is not certain which header is on the disk, nothing more is written: it could be lost with its name. */
  #head(slot: Slot, name: string | undefined, turn: number): void {
    const settle = (header: Uint8Array): void => {
      put(slot.handle, header, 0)
      slot.handle.flush()
    }
    const header = headerOf(name, turn)
    try {
      settle(header)
    } catch (error) {
      try {
        settle(headerOf(slot.name, slot.turn))
      } catch {
        this.close()
      }
      throw error
    }
    slot.name = name
    slot.turn = turn
  }
}

const isFree = ({ name, uses }: Slot): boolean => name === undefined && uses === 0

/** Where there is no more room, some browsers write a part and say nothing. */
function put(handle: OpfsHandle, bytes: Uint8Array, at: number): void {
  if (handle.write(bytes, { at }) < bytes.length)
    throw Object.assign(new Error('only a part of it was written'), { name: 'QuotaExceededError' })
}

/** A header: JSON after its checksum, and zeros if the file is free. One that is torn is none. */
function headerOf(name: string | undefined, turn: number): Uint8Array {
  const header = new Uint8Array(headerSize)
  if (name === undefined) return header
  const json = encoder.encode(JSON.stringify({ turn, name }))
  if (json.length > headerSize - 10) throw new TypeError(`${name.slice(0, 40)}… is too long for the name of a file`)
  header.set(encoder.encode(checksumOf(json)))
  header.set(json, 9)
  return header
}

function headerIn(handle: OpfsHandle): { name: string | undefined; turn: number } {
  const header = new Uint8Array(headerSize)
  const end = header.subarray(0, handle.read(header, { at: 0 })).indexOf(0)
  const json = header.subarray(9, end)
  if (end < 9 || decoder.decode(header.subarray(0, 9)) !== checksumOf(json)) return { name: undefined, turn: 0 }
  return JSON.parse(decoder.decode(json))
}

const checksumOf = (json: Uint8Array): string => `${crc32(json).toString(16).padStart(8, '0')} `
