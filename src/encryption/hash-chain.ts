/**
 * Has anybody edited history? A hash over the whole log says so.
 *
 * The hash at a position is made of the hash before it and of all that is stored of that event: its position, aggregate,
 * version, topic, tags and state. A seal is a position and its hash. Seals are kept in the store, and whoever edits events
 * could seal anew what they made of them; so keep one elsewhere now and then, where they cannot reach it.
 */
import type { Misfit, VerifyOptions } from '../checking/verify'
import { HistoryChangedError, ViewConflictError } from '../errors'
import type { Notification, Recorder } from '../port/recorder'
import { joined, toHex } from '../values/bytes'
import { encoder, fromHex } from './bytes'
import { sha256 } from './sha256'

const view = 'dog-school:seals'
/** How many events have one seal: an edit is found to lie among as many. */
const stretch = 1000

interface Seal {
  readonly position: number
  readonly hash: Uint8Array
  readonly isKept?: boolean
}

/** The seals of a log: see `seal` and `verify`. */
export class HashChain {
  readonly #recorder: Recorder
  readonly #kept: readonly Seal[]

  /**
   * @param kept seals that were kept elsewhere
   * @throws TypeError for what is no seal
   */
  constructor(recorder: Recorder, { kept = [] }: { readonly kept?: readonly string[] } = {}) {
    if (typeof recorder?.viewState !== 'function' || !Array.isArray(kept))
      throw new TypeError(
        'HashChain takes a recorder and a list of seals: new HashChain(school.recorder, { kept: [seal] })',
      )
    this.#recorder = recorder
    this.#kept = kept
      .map((text) => ({ ...sealOf(text), isKept: true }))
      .sort((one, other) => one.position - other.position)
  }

  /**
   * Seals all that has been recorded since the last time. Until then, an edit is not found: seal often.
   *
   * @returns the newest seal, a short text: keep it elsewhere, too
   */
  async seal(): Promise<string> {
    const logId = await this.#recorder.logId()
    for (;;) {
      const state = await this.#recorder.viewState(view)
      const after = state?.position ?? 0
      const hash = after === 0 ? start : await this.#sealAt(after)
      const rows = await this.#rows(after + 1, stretch)
      if (rows.length === 0) return textOf({ position: after, hash })
      const newest = { position: (rows.at(-1) as Notification).id, hash: rows.reduce(linked, hash) }
      const row = [keyOf(newest.position), toHex(newest.hash)] as const
      try {
        const change = { view, logId, form: '1', build: state?.build ?? '1', after, rows: [row] }
        await this.#recorder.saveView({ ...change, position: newest.position })
      } catch (error) {
        // Somebody else was sealing, too: go on from there.
        if (!(error instanceof ViewConflictError)) throw error
      }
    }
  }

  /**
   * Compares the log with its seals. Each problem says between which positions the log is not what it was: an event was
   * changed, removed, added, moved or given other tags. It never finds anything where nobody has edited the log.
   */
  async verify({ onProgress = () => undefined }: VerifyOptions = {}): Promise<readonly Misfit[]> {
    const misfits: Misfit[] = []
    // What is sealed meanwhile is not compared: its events may not be read.
    const seals = this.#seals((await this.#recorder.viewState(view))?.position ?? 0)
    const last = await this.#recorder.maxNotificationId()
    let [hash, from, next] = [start, 1, await seals.next()]
    const compare = async ({ position, hash: sealed, isKept }: Seal): Promise<void> => {
      next = await seals.next()
      // Of two with one position, the first counts.
      if (position < from) return
      if (toHex(hash) !== toHex(sealed)) misfits.push(changed(from, position, isKept))
      // What comes after is compared as if nothing had been found.
      hash = sealed
      from = position + 1
    }
    for await (const [rows, end] of this.#pages(last)) {
      for (const row of rows) {
        while (next.value && next.value.position < row.id) await compare(next.value)
        hash = linked(hash, row)
      }
      onProgress(end, last)
    }
    while (next.value) await compare(next.value)
    return misfits
  }

  #rows(from: number, limit: number, stop?: number): Promise<Notification[]> {
    const end = stop === undefined ? {} : { stop }
    return this.#recorder.notifications({ start: from, limit, tagged: true, as: 'bytes', ...end })
  }

  /** All rows up to a position. What cannot even be read is left out, which its seal will tell. */
  async *#pages(last: number): AsyncGenerator<[Notification[], end: number]> {
    let size = stretch
    for (let from = 1; from <= last; ) {
      const stop = Math.min(from + size - 1, last)
      let rows: Notification[] = []
      try {
        rows = await this.#rows(from, size, stop)
        size = Math.min(size * 2, stretch)
      } catch (error) {
        if ((error as { code?: string }).code === 'CLOSED') throw error
        size = Math.ceil((stop - from + 1) / 2)
        if (stop > from) continue
      }
      yield [rows, stop]
      from = stop + 1
    }
  }

  async #sealAt(position: number): Promise<Uint8Array> {
    const [row] = await this.#recorder.viewRows(view, { keys: [keyOf(position)] })
    return fromHex(String(row?.[1]))
  }

  /** Those in the store and those that were kept elsewhere, by position; of the same position, the kept one first. */
  async *#seals(upTo: number): AsyncGenerator<Seal, undefined> {
    const kept = [...this.#kept]
    for (let after = ''; ; ) {
      const rows = await this.#recorder.viewRows(view, { after, limit: stretch })
      for (const [key, hash] of rows) {
        const position = Number(key)
        while (kept[0] && kept[0].position <= position) yield kept.shift() as Seal
        if (position <= upTo) yield { position, hash: fromHex(String(hash)) }
      }
      if (rows.length < stretch) break
      after = rows.at(-1)?.[0] as string
    }
    yield* kept
    return undefined
  }
}

/** The hash of a log without events. */
const start = sha256(encoder.encode('dog-school log 1'))

function linked(before: Uint8Array, { id, aggregateId, version, topic, tags = [], state }: Notification): Uint8Array {
  // Somebody who edits rows may put anything there.
  const bytes = state instanceof Uint8Array ? state : encoder.encode(`${typeof state} ${state}`)
  const about = JSON.stringify([id, aggregateId, version, topic, [...tags].sort(), bytes.length])
  return sha256(joined([before, encoder.encode(about), bytes]))
}

/** In the order of their numbers. */
const keyOf = (position: number): string => String(position).padStart(16, '0')

const textOf = ({ position, hash }: Seal): string => `${position}:${toHex(hash)}`

function sealOf(text: string): Seal {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
  if (hash !== undefined) return { position: Number(position), hash: fromHex(hash) }
  throw new TypeError(`A seal is what seal() returned, a position and 64 hex digits, not ${JSON.stringify(text)}`)
}

function changed(from: number, to: number, isKept = false): Misfit {
  const seal = isKept ? 'the seal that was kept elsewhere' : 'the seal in the store'
  const problem = new HistoryChangedError(
    `The events at positions ${from} to ${to} are not those of ${seal}: one was changed, removed, added, moved or given other tags. Compare them with a backup`,
    from,
    to,
  )
  return { position: from, aggregateId: '', topic: '', problem }
}
