/**
 * `dog-school/moving`: moves a store to another one, from a SQLite file to a PostgreSQL server or back, as it is.
 *
 * What is moved is the same log: it has the same id, and each event its position, so that followers go on where they
 * are. A move that was ended at any moment goes on when it is started again. It has come to its end when all rows were
 * read again on both sides, and are the same.
 */
import { createHash } from 'node:crypto'
import { MoveError } from './errors'
import { compare, DiffersError, isSame } from './moving/compare'
import { type Movable, type MovedRow, type MovingStore, nameOf, type Part } from './port/moving'

export type { Movable }

export interface MoveOptions {
  /** Called after each page of rows: what is done with which part, and how many of its rows, or up to which position. */
  readonly onProgress?: ((progress: MoveProgress) => void) | undefined
  /** Ends the move; it can go on later. */
  readonly signal?: AbortSignal | undefined
}

export interface MoveProgress {
  readonly step: 'copying' | 'comparing'
  /** 'events', 'snapshots', 'tracking', 'views', 'the view dogs'. */
  readonly part: string
  /** Of events the position, of all else the number of rows. */
  readonly done: number
  /** The last position; of all else nobody knows before. */
  readonly of?: number | undefined
}

/** What is in both stores, compared row by row. */
export interface Moved {
  readonly logId: string
  /** How many rows. */
  readonly events: number
  readonly snapshots: number
  readonly tracking: number
  readonly views: number
  readonly viewRows: number
  /** The last position that was given to an event. */
  readonly last: number
  /** The position up to which events were there before this move. */
  readonly before: number
  /** Nothing new was to be moved, so only the events were compared. */
  readonly isOld: boolean
  /** SHA-256 of all rows that were compared, in hexadecimal digits. */
  readonly sha256: string
}

/** So often it is tried to find the source at rest. */
const ROUNDS = 3

const others = ['snapshots', 'tracking', 'views'] as const
const all = ['events', ...others] as const

/**
 * Moves everything that is in one store to another, which is empty or has the beginning of the same log: events with
 * their positions, versions, bytes and tags, snapshots, tracking, and stored views. Until this resolves, nobody else can
 * open the other store. Python's own snapshots, which it makes anew, stay where they are.
 *
 * Stop the programs that record in the source before: a SQLite file is locked meanwhile, and from a server events are
 * followed up that come in between. Record in one of the two only afterwards: to followers, they are one log.
 *
 * @param from a recorder of `dog-school/sqlite` or `dog-school/postgres`
 * @throws MoveError if the target has other events, if the source is not at rest, or if something cannot be moved
 */
export async function move(from: Movable, to: Movable, options: MoveOptions = {}): Promise<Moved> {
  const source = await from.moving('from')
  try {
    const target = await to.moving('to')
    try {
      return await new Move(source, target, options).run()
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

class Move {
  readonly #source: MovingStore
  readonly #target: MovingStore
  readonly #options: MoveOptions

  constructor(source: MovingStore, target: MovingStore, options: MoveOptions) {
    this.#source = source
    this.#target = target
    this.#options = options
  }

  async run(): Promise<Moved> {
    const [source, target] = [this.#source, this.#target]
    const { id: logId, isHalf } = await source.log()
    if (isHalf) throw new MoveError(`${source.name} is only half there: end the move to it first, by running it again`)
    const before = await this.#begin(logId)
    if (before === undefined) {
      const last = await target.newest()
      return { ...(await this.#compare(last, [])), logId, last, before: last, isOld: true }
    }
    for (let round = 1; ; round++) {
      const last = await this.#copyEvents()
      await target.clear()
      for (const part of await this.#rest(source)) await this.#copy(part)
      const found = await this.#compare(last, await this.#rest(source)).catch((error) => {
        if (round === ROUNDS || !(error instanceof DiffersError) || error.part === 'events') throw error
      })
      if (found && (await source.last()) === last) {
        const given = Math.max(last, await source.given())
        await target.finish(given)
        return { ...found, logId, last: given, before, isOld: false }
      }
      if (round === ROUNDS)
        throw new MoveError(
          `${source.name} is still used: event ${await source.last()} has come. Stop the programs that record in it, and run the move again: it goes on from here`,
        )
    }
  }

  /** Returns the position up to which events are there; undefined if everything has been moved before. */
  async #begin(logId: string): Promise<number | undefined> {
    const [source, target] = [this.#source, this.#target]
    const there = await target.log()
    const newest = await target.newest()
    if (there.id !== logId) await this.#mustBeEmpty(there.isHalf)
    else await this.#mustBeginAs(newest)
    if (there.id === logId && !there.isHalf && newest === (await source.newest())) return undefined
    await target.begin(logId)
    if (!(await source.log()).isHalf) return newest
    await target.finish(0)
    throw new MoveError(`${source.name} and ${target.name} are one store: name another one to move to`)
  }

  async #mustBeEmpty(isHalf: boolean): Promise<void> {
    for (const part of all) {
      if ((await this.#target.page(part, undefined, 1)).length === 0) continue
      const { name } = this.#target
      if (isHalf) throw new MoveError(`${name} is half of another log: end that move by running it again, or delete it`)
      throw new MoveError(
        `${name} is not empty: it has ${part} of another log. Move to a new file, or on a server to another prefix`,
      )
    }
  }

  async #mustBeginAs(newest: number): Promise<void> {
    if (newest === 0) return
    const [ours] = await this.#source.page('events', [newest - 1], 1)
    const [theirs] = await this.#target.page('events', [newest - 1], 1)
    if (ours && theirs && isSame(ours, theirs)) return
    throw new MoveError(
      `${this.#target.name} has an event ${newest} that ${this.#source.name} does not have: something was recorded in it that is not in the source. Go on with one of them alone, or delete the target and move again`,
    )
  }

  /** Returns the position up to which they were copied: mostly the last one of the source. */
  async #copyEvents(): Promise<number> {
    let [last, at] = [0, await this.#target.newest()]
    for (let round = 1; round <= ROUNDS; round++) {
      const now = await this.#source.last()
      if (now === last) break
      last = now
      await this.#copy('events', [at], last)
      at = last
    }
    return last
  }

  async #copy(part: Part, start?: MovedRow, upTo?: number): Promise<void> {
    let [after, done] = [start, 0]
    for (;;) {
      this.#options.signal?.throwIfAborted()
      const page = await this.#source.page(part, after)
      const rows = upTo === undefined ? page : page.filter(([position]) => Number(position) <= upTo)
      if (rows.length === 0) return
      await this.#target.put(part, rows)
      after = rows.at(-1)!
      done = upTo === undefined ? done + rows.length : Number(after[0])
      this.#tell('copying', part, done, upTo)
    }
  }

  /** Everything but events. */
  async #rest(store: MovingStore): Promise<Part[]> {
    const views: Part[] = []
    for (let page = await store.page('views'); page.length > 0; page = await store.page('views', page.at(-1)))
      views.push(...page.map(([name]) => ({ rowsOf: String(name) })))
    return [...others, ...views]
  }

  async #compare(last: number, rest: readonly Part[]) {
    const hash = createHash('sha256')
    const found = { events: 0, snapshots: 0, tracking: 0, views: 0, viewRows: 0 }
    for (const part of ['events' as const, ...rest]) {
      const upTo = part === 'events' ? last : undefined
      const tell = (done: number) => {
        this.#options.signal?.throwIfAborted()
        this.#tell('comparing', part, done, upTo)
      }
      found[typeof part === 'string' ? part : 'viewRows'] += await compare(
        this.#source,
        this.#target,
        part,
        hash,
        tell,
        upTo,
      )
    }
    return { ...found, sha256: hash.digest('hex') }
  }

  #tell(step: MoveProgress['step'], part: Part, done: number, of?: number): void {
    this.#options.onProgress?.({ step, part: nameOf(part), done, of })
  }
}
