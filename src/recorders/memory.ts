/**
 * Keeps events in memory, until the process ends. The default store: for tests, and for trying things out.
 *
 * Nothing in it waits, so nothing can happen between a check and the write after it: no conflict goes unnoticed.
 */

import { boundaryOf, type EventQuery, mustNotMatch, positionsOf, queryOf, rangeOf, tagSet } from '../port/query'
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
  stateIn,
  type Tracking,
} from '../port/recorder'
import { TagIndex } from '../port/tag-index'
import type { ViewChange, ViewQuery, ViewState, ViewValue } from '../port/view-store'
import { Watchers } from '../port/watchers'
import { mustBeStorable, mustBeTrackable, mustBeWhole, mustGoOn, outOfTurn, wasClosed } from '../refusals'
import { MemoryViews } from './memory/views'

export class MemoryRecorder implements Recorder {
  readonly #log: Notification[] = []
  readonly #index = new TagIndex(this.#log)
  readonly #streams = new Map<string, Notification[]>()
  readonly #snapshots = new Map<string, Map<number, StoredEvent>>()
  readonly #tracking = new Map<string, number>()
  readonly #views = new MemoryViews()
  readonly #watchers = new Watchers()
  readonly #id = `memory-${Math.random().toString(36).slice(2)}`
  #closed = false

  async append(events: readonly StoredEvent[], options: AppendOptions = {}): Promise<number[]> {
    this.#mustBeOpen()
    const { tracking } = options
    const boundary = boundaryOf(options)
    const next = new Map<string, number>()
    mustBeStorable(events)
    for (const { aggregateId, version } of events) {
      const expected = next.get(aggregateId) ?? (this.#streams.get(aggregateId)?.length ?? 0) + 1
      if (version !== expected && version !== 0) throw outOfTurn(aggregateId, version, expected)
      next.set(aggregateId, expected + 1)
    }
    if (boundary) mustNotMatch(this.#index, boundary)
    if (tracking) this.#track(tracking)
    const positions = events.map((event) => this.#keep(event))
    if (events.length > 0) this.#watchers.wake()
    return positions
  }

  async select(aggregateId: string, query: StreamQuery = {}): Promise<StoredEvent[]> {
    this.#mustBeOpen()
    const { after = 0, upTo = Infinity, limit = Infinity, descending = false, as = 'text' } = query
    mustBeWhole({ after, upTo, limit })
    // Version n has index n - 1.
    const wanted = (this.#streams.get(aggregateId) ?? []).slice(Math.max(0, after), Math.max(0, after, upTo))
    if (descending) wanted.reverse()
    return wanted.slice(0, Math.max(0, limit)).map((event) => answer(event, as))
  }

  async read(query: EventQuery, options: ReadOptions = {}): Promise<Notification[]> {
    this.#mustBeOpen()
    return this.#find(query, options)
  }

  async notifications(query: NotificationQuery = {}): Promise<Notification[]> {
    this.#mustBeOpen()
    const { start = 1, stop = Infinity, limit = Infinity, topics } = query
    mustBeWhole({ start, stop, limit })
    return this.#find([{ topics }], { ...query, after: start - 1, upTo: stop })
  }

  #find(query: EventQuery, options: ReadOptions): Notification[] {
    const positions = positionsOf(this.#index, queryOf(query), rangeOf(options))
    return positions.map((position) => listed(this.#log[position - 1]!, options))
  }

  async maxNotificationId(): Promise<number> {
    this.#mustBeOpen()
    return this.#log.length
  }

  async maxTrackingId(applicationName: string): Promise<number> {
    this.#mustBeOpen()
    return this.#tracking.get(applicationName) ?? 0
  }

  async saveSnapshot(snapshot: StoredEvent): Promise<void> {
    this.#mustBeOpen()
    mustBeStorable([snapshot])
    const versions = this.#snapshots.get(snapshot.aggregateId) ?? new Map<number, StoredEvent>()
    this.#snapshots.set(snapshot.aggregateId, versions.set(snapshot.version, bare(snapshot)))
  }

  async snapshot(aggregateId: string, upTo = Infinity, as: StateForm = 'text'): Promise<StoredEvent | undefined> {
    this.#mustBeOpen()
    mustBeWhole({ upTo })
    let found: StoredEvent | undefined
    for (const snapshot of this.#snapshots.get(aggregateId)?.values() ?? [])
      if (snapshot.version <= upTo && snapshot.version > (found?.version ?? -Infinity)) found = snapshot
    return found && answer(found, as)
  }

  async viewState(view: string): Promise<ViewState | undefined> {
    this.#mustBeOpen()
    return this.#views.state(view)
  }

  async viewRows(view: string, query?: ViewQuery): Promise<[string, ViewValue][]> {
    this.#mustBeOpen()
    return this.#views.rows(view, query)
  }

  async saveView(change: ViewChange): Promise<void> {
    this.#mustBeOpen()
    this.#views.save(change)
  }

  async swapView(from: string, to: string): Promise<void> {
    this.#mustBeOpen()
    this.#views.swap(from, to)
  }

  async dropView(view: string): Promise<void> {
    this.#mustBeOpen()
    this.#views.drop(view)
  }

  async logId(): Promise<string> {
    this.#mustBeOpen()
    return this.#id
  }

  watch(wake: () => void): () => void {
    return this.#watchers.add(wake)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#watchers.close()
  }

  #keep(event: StoredEvent): number {
    const stream = this.#streams.get(event.aggregateId)
    const tags = tagSet(event.tags)
    const version = (stream?.length ?? 0) + 1
    const kept = { id: this.#log.length + 1, ...bare(event), version, ...(tags && { tags }) }
    this.#log.push(kept)
    if (stream) stream.push(kept)
    else this.#streams.set(event.aggregateId, [kept])
    return kept.id
  }

  #track(tracking: Tracking): void {
    mustBeTrackable(tracking)
    const { applicationName, notificationId } = tracking
    mustGoOn(tracking, this.#tracking.get(applicationName) ?? 0)
    this.#tracking.set(applicationName, notificationId)
  }

  #mustBeOpen(): void {
    if (this.#closed) throw wasClosed()
  }
}

function bare({ aggregateId, version, topic, state }: StoredEvent): StoredEvent {
  return { aggregateId, version, topic, state: copyOf(state) }
}

function listed(event: Notification, { as = 'text', tagged }: ReadOptions): Notification {
  const { id, aggregateId, version, topic, tags } = event
  const state = stateIn(as, event)
  // Without spreads of objects, which take three times as long.
  return tagged && tags
    ? { id, aggregateId, version, topic, state, tags: [...tags] }
    : { id, aggregateId, version, topic, state }
}

function answer(event: StoredEvent, form: StateForm): StoredEvent {
  const { aggregateId, version, topic } = event
  return { aggregateId, version, topic, state: stateIn(form, event) }
}
