/**
 * What is kept of the open lesson: its history, as a record, and which stores have the events of its timelines. The page
 * writes the record; the worker, which is told the folders, writes the stores.
 */
import { begun, type History, type Timeline } from '../../history'
import type { StorePlace } from '../../protocol'
import { askToPersist, removeFolders } from './folders'
import { owning } from './owner'
import { type Kept, Records } from './records'
import { Typed } from './typed'

/** Tells the other tabs that a record has changed. */
const CHANNEL = 'dog-school-notebook'

export interface Hears {
  /** What was kept is here: at first, and whenever it has changed in the tab that has the lesson. */
  opened(history: History, isMine: boolean): void
  /** Why nothing more can be kept; undefined: it can. */
  trouble(why: string | undefined): void
}

export class Keep {
  /** What was done in earlier texts of this lesson. */
  earlier: readonly History[] = []
  readonly #lesson: number
  readonly #hash: string
  readonly #hears: Hears
  readonly #channel = new BroadcastChannel(CHANNEL)
  #records: Records | undefined
  #stores: Readonly<Record<string, string>> = {}
  #leave = () => {}
  /** The folders that this page has named, and that are in no record yet. */
  readonly #made = new Set<string>()
  readonly #typed: Typed
  #isOver = false
  #latest: History | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(lesson: number, hash: string, hears: Hears) {
    this.#lesson = lesson
    this.#hash = hash
    this.#hears = hears
    this.#typed = new Typed(lesson, hash)
  }

  /** Finds what is kept, and takes the lesson for this tab, now or as soon as no other tab has it. */
  async open(): Promise<void> {
    let isMine = false
    const taken = () => {
      isMine = true
      if (isShown) void this.#show(true)
    }
    let isShown = false
    const { now, leave } = owning(this.#lesson, taken)
    this.#leave = leave
    try {
      this.#records = await Records.open()
    } catch (error) {
      this.#hears.trouble(wordsOf(error))
    }
    await now
    this.#channel.onmessage = ({ data }) => data === this.#lesson && !isMine && void this.#show(false)
    isShown = true
    await this.#show(isMine)
  }

  /** Keeps at once what was typed into a cell: null for the lesson's own code. The next `put` has it. */
  typed(piece: number, code: string | null): void {
    this.#typed.add(piece, code)
  }

  /** Resolves when the history, or a later one, is on the disk, or cannot be: then `trouble` was told. */
  put(history: History): Promise<void> {
    this.#latest = history
    this.#writing = this.#writing.then(async () => {
      const latest = this.#latest
      this.#latest = undefined
      if (latest) await this.#write(latest)
    })
    return this.#writing
  }

  async #write(history: History): Promise<void> {
    if (!this.#records) return
    // A timeline that is gone needs no store.
    const names = new Set(history.timelines.map(({ name }) => name))
    const stores = Object.fromEntries(Object.entries(this.#stores).filter(([name]) => names.has(name)))
    try {
      const kept = { history, stores }
      await this.#records.put(kept)
      if (!this.#latest) this.#typed.clear()
      for (const folder of storesOf(kept)) this.#made.delete(folder)
      this.#hears.trouble(undefined)
    } catch (error) {
      this.#hears.trouble(wordsOf(error))
    }
    if (!this.#isOver) this.#channel.postMessage(this.#lesson)
    if (history.timelines.some(({ runs }) => runs.some(({ outcome }) => outcome?.events.length))) askToPersist()
  }

  /** A place for a new store of this timeline. */
  placeOf({ before }: Timeline): StorePlace {
    return { folder: this.newFolder(), ...(before && { base: before.store }) }
  }

  newFolder(): string {
    const folder = `${this.#folders}${crypto.randomUUID().slice(0, 8)}`
    this.#made.add(folder)
    return folder
  }

  /** The store of a timeline that has its events; undefined if none has. */
  storeOf(name: string): string | undefined {
    return this.#stores[name]
  }

  /** From now on, the events of this timeline are in this store; undefined: in none. The next `put` says so on the disk. */
  settle(name: string, folder: string | undefined): void {
    const { [name]: _, ...others } = this.#stores
    this.#stores = folder === undefined ? others : { ...others, [name]: folder }
  }

  /** Removes the stores that no record speaks of. */
  async tidy(): Promise<void> {
    const all = await this.#records?.of(this.#lesson).catch(() => undefined)
    if (all) await removeFolders(this.#folders, [...this.#made, ...all.flatMap(storesOf)])
  }

  /** Lets another tab have the lesson. */
  leave(): void {
    this.#isOver = true
    this.#channel.close()
    this.#leave()
  }

  get #folders(): string {
    return `notebook ${this.#lesson} `
  }

  async #show(isMine: boolean): Promise<void> {
    const all = (await this.#records?.of(this.#lesson).catch(() => undefined)) ?? []
    if (this.#isOver) return
    const isCurrent = ({ history }: Kept) => history.hash === this.#hash
    const kept = all.find(isCurrent)
    this.earlier = all.filter((each) => !isCurrent(each)).map(({ history }) => history)
    this.#stores = kept?.stores ?? {}
    // What a tab that was closed was just making is in no record.
    if (isMine) void this.tidy()
    this.#hears.opened(this.#typed.in(kept?.history ?? begun(this.#lesson, this.#hash)), isMine)
  }
}

/** The folders that a record speaks of. */
const storesOf = ({ history, stores }: Kept): string[] => [
  ...Object.values(stores),
  ...history.timelines.flatMap(({ before }) => before?.store ?? []),
]

function wordsOf(error: unknown): string {
  const { name, message } = error as Error
  return name === 'QuotaExceededError' ? 'the browser gives this page no more room' : `${message || name}`
}
