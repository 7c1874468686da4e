/**
 * Records events on a PostgreSQL server, for schools with many processes and machines: `dog-school/postgres`.
 *
 * In a process, callers that wait together share one transaction (postgres/flushes.ts). Between processes, positions
 * are final once they are seen: a reader first makes sure that nobody can still record an event before them
 * (postgres/final.ts). Both were measured against what other stores do: see README.md beside this file.
 */

import type { Movable, MovingStore } from '../port/moving'
import { boundaryOf, type EventQuery, queryOf, rangeOf, tagSet } from '../port/query'
import {
  type AppendOptions,
  copyOf,
  type Notification,
  type NotificationQuery,
  type ReadOptions,
  type Recorder,
  type StateForm,
  type StoredEvent,
  type StreamQuery,
} from '../port/recorder'
import type { ViewChange, ViewQuery, ViewState, ViewValue } from '../port/view-store'
import { Watchers } from '../port/watchers'
import { mustBeStorable, mustBeTrackable, mustBeWhole, wasClosed } from '../refusals'
import { mustBeId, mustFit } from './postgres/limits'
import { openMoving } from './postgres/moving'
import { mustBeOptions, type Opened, openStore, type PostgresOptions } from './postgres/open'
import { mayWrite, type QueryResult } from './postgres/query'
import { connectTo, type Server } from './postgres/server'
import { type PostgresStatus, statusOf, tableOf } from './postgres/status'
import { saving } from './postgres/views'

export type { PostgresOptions, PostgresStatus, QueryResult }

/**
 * A recorder for this database: `postgres://user:password@host:5432/database`, with the options that `pg` knows. Of
 * several addresses, the first whose server takes writes is used: the primary, wherever it is after a failover. It is
 * opened at the first use; missing tables are made.
 *
 * @throws TypeError if an address is none, or an option cannot be used
 */
export function postgres(address: string | readonly string[], options: PostgresOptions = {}): PostgresRecorder {
  const { replica } = options
  return new PostgresRecorder(connectTo([address].flat(), options), options, replica && connectTo([replica], options))
}

export class PostgresRecorder implements Recorder, Movable {
  readonly #server: Server
  readonly #replica: Server | undefined
  readonly #options: PostgresOptions
  readonly #watchers = new Watchers()
  readonly #underWay = new Set<Promise<unknown>>()
  #watching = 0
  #opened: Opened | undefined
  #opening: Promise<Opened> | undefined
  #closing: Promise<void> | undefined

  constructor(server: Server, options: PostgresOptions = {}, replica?: Server | '') {
    mustBeOptions(options)
    this.#server = server
    this.#replica = replica || undefined
    this.#options = options
  }

  /** The address of the server, without user and password. */
  get name(): string {
    return this.#server.name
  }

  /** The table of the events: `public.stored_events`, if the options say nothing else. */
  get table(): string {
    return tableOf(this.#options)
  }

  /**
   * Connects now instead of at the first use, and makes the tables if they are not there.
   *
   * @throws DatabaseUnavailableError if the server cannot be reached, or does not let this user in
   * @throws NotADatabaseError, NewerSchemaError if the tables are not those that this version can use
   * @throws ReadOnlyError if there are no tables, and this user may not make them
   */
  async open(): Promise<void> {
    await this.#use(() => {})
  }

  async append(events: readonly StoredEvent[], options: AppendOptions = {}): Promise<number[]> {
    const { tracking } = options
    const boundary = boundaryOf(options)
    if (tracking) mustBeTrackable(tracking)
    mustBeStorable(events)
    for (const { aggregateId, topic, tags = [] } of events) mustFit(aggregateId, topic, ...tags)
    if (tracking) mustFit(tracking.applicationName)
    const kept = events.map(({ aggregateId, version, topic, state, tags }) => ({
      aggregateId,
      version,
      topic,
      state: copyOf(state),
      tags: tagSet(tags),
    }))
    // Positions that there cannot be are none for the server, in whose transaction others are.
    const after = Math.min(Math.max(boundary?.after ?? 0, 0), Number.MAX_SAFE_INTEGER)
    const wanted = { events: kept, boundary: boundary && { ...boundary, after }, tracking: tracking && { ...tracking } }
    return this.#use(({ flushes, layout: { idType } }) => {
      for (const { aggregateId } of kept) mustBeId(idType, aggregateId)
      return kept.length === 0 && !tracking && !boundary ? [] : flushes.add(wanted)
    })
  }

  async select(aggregateId: string, query: StreamQuery = {}): Promise<StoredEvent[]> {
    return this.#use(({ rows }) => rows.stream(aggregateId, query))
  }

  async read(query: EventQuery, options: ReadOptions = {}): Promise<Notification[]> {
    const [wanted, range] = [queryOf(query), rangeOf(options)]
    return this.#use(({ log: { rows, final } }) =>
      final.read(range, (part) => rows.matching(wanted, part, options.tagged ?? false, options.as ?? 'text')),
    )
  }

  async notifications(query: NotificationQuery = {}): Promise<Notification[]> {
    const { start = 1, stop = Infinity, limit = Infinity, topics } = query
    mustBeWhole({ start, stop, limit })
    const [item] = queryOf([{ topics }])
    return this.#use(({ log: { rows, final } }) =>
      final.read({ after: start - 1, upTo: stop, limit: Math.max(0, limit), descending: false }, (range) =>
        rows.log(range, item!.topics, query.tagged ?? false, query.as ?? 'text'),
      ),
    )
  }

  async maxNotificationId(): Promise<number> {
    return this.#use(({ final }) => final.look())
  }

  async maxTrackingId(applicationName: string): Promise<number> {
    return this.#use(({ rows }) => rows.tracked(applicationName))
  }

  async saveSnapshot(snapshot: StoredEvent): Promise<void> {
    mustBeStorable([snapshot])
    mustFit(snapshot.aggregateId)
    const kept = { ...snapshot, state: copyOf(snapshot.state) }
    return this.#use(({ rows, layout: { idType } }) => {
      mustBeId(idType, kept.aggregateId)
      return rows.saveSnapshot(kept)
    })
  }

  async snapshot(aggregateId: string, upTo = Infinity, as: StateForm = 'text'): Promise<StoredEvent | undefined> {
    return this.#use(({ rows }) => rows.snapshot(aggregateId, upTo, as))
  }

  async viewState(view: string): Promise<ViewState | undefined> {
    return this.#use(({ views }) => views.state(view))
  }

  async viewRows(view: string, query?: ViewQuery): Promise<[string, ViewValue][]> {
    return this.#use(({ views }) => views.rows(view, query))
  }

  async saveView(change: ViewChange): Promise<void> {
    const given = saving(change)
    mustFit(change.view, ...change.rows.map(([key]) => key))
    const { view, after, build } = change
    return this.#use(({ views }) => views.save({ view, after, build }, given))
  }

  async swapView(from: string, to: string): Promise<void> {
    return this.#use(({ views }) => views.swap(from, to))
  }

  async dropView(view: string): Promise<void> {
    return this.#use(({ views }) => views.drop(view))
  }

  /**
   * Runs one SQL statement: for up to 30 s, or with `write`, with which it may change the database, for as long as it takes.
   *
   * @throws TypeError if PostgreSQL refuses it
   * @throws ReadOnlyError if it would change the database without `write`
   */
  async query(sql: string, options: { readonly write?: boolean } = {}): Promise<QueryResult> {
    const write = mayWrite(sql, options)
    return this.#use(() => this.#server.query(sql, write))
  }

  async status(): Promise<PostgresStatus> {
    return this.#use(({ layout }) => statusOf(this.#server, layout))
  }

  async logId(): Promise<string> {
    return this.#use(({ logId }) => logId)
  }

  /** For `move` of `dog-school/moving`. */
  async moving(direction: 'from' | 'to'): Promise<MovingStore> {
    return openMoving(this.#server, this.#options, direction)
  }

  watch(wake: () => void): () => void {
    if (this.#closing) return () => {}
    const stop = this.#watchers.add(wake)
    this.#watching++
    this.#use(({ wakes }) => this.#watching > 0 && wakes.start()).catch(() => {})
    let isOver = false
    return () => {
      stop()
      if (isOver) return
      isOver = true
      if (--this.#watching === 0) this.#opened?.wakes.stop()
    }
  }

  /** Waits for running appends, and closes the connections. */
  async close(): Promise<void> {
    this.#closing ??= this.#close().finally(() => this.#watchers.close())
    return this.#closing
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#underWay)
    await this.#opened?.wakes.close()
    await Promise.all([this.#server.close(), this.#replica?.close()])
  }

  /** Closing waits for what is under way. */
  async #use<T>(work: (opened: Opened) => T | Promise<T>): Promise<T> {
    if (this.#closing) throw wasClosed()
    const working = (async () => work(this.#opened ?? (await this.#open())))()
    this.#underWay.add(working)
    return working.finally(() => this.#underWay.delete(working))
  }

  #open(): Promise<Opened> {
    this.#opening ??= openStore(this.#server, this.#replica, this.#options, this.#watchers).then(
      (opened) => {
        this.#opened = opened
        return opened
      },
      (error) => {
        this.#opening = undefined
        throw error
      },
    )
    return this.#opening
  }
}
