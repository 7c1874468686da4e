/**
 * Decides which of the appends that are committed together may be recorded: each must follow on from what is recorded
 * and from those before it in the group.
 */

import { type Boundary, mustNotMatch } from '../../port/query'
import type { StoredEvent, Tracking } from '../../port/recorder'
import { type Placed, TagIndex } from '../../port/tag-index'
import { mustGoOn, outOfTurn } from '../../refusals'
import type { Engine } from './engine'
import { maxTracked, maxVersion, type Row } from './tables'
import { StoredTags } from './tags'
import { PendingViews, type ViewStep } from './views'

/** What one call wants to record. Its rows get their positions when it is admitted. */
export interface Entry {
  readonly events: readonly Row[]
  /** Those of its rows that take the next version, whatever it is. */
  readonly unversioned?: ReadonlySet<Row> | undefined
  readonly boundary?: Boundary | undefined
  readonly tracking?: Tracking | undefined
  readonly snapshot?: StoredEvent | undefined
  readonly view?: ViewStep | undefined
}

/** A group of appends, on top of what is recorded. */
export class Group {
  readonly #engine: Engine
  readonly #versions = new Map<string, number>()
  readonly #tracked = new Map<string, number>()
  /** The events admitted so far, for boundaries. */
  readonly #log: Placed[] = []
  readonly #index = new TagIndex(this.#log)
  readonly #views: PendingViews
  /** The last position before the group. */
  readonly #recorded: number
  /** The last position that was assigned to an event. */
  position: number

  constructor(engine: Engine, position: number) {
    this.#engine = engine
    this.#views = new PendingViews(engine)
    this.#recorded = position
    this.position = position
  }

  /**
   * Assigns positions to the events of an entry.
   *
   * @throws VersionConflictError, VersionGapError, BoundaryConflictError, TrackingConflictError, ViewConflictError if it
   *   does not follow on; then the group is unchanged
   */
  admit({ events, unversioned, boundary, tracking, view }: Entry): number[] {
    const reached = new Map<string, number>()
    let before: Row | undefined
    for (const event of events) {
      if (unversioned?.has(event)) event[2] = this.#last(event[1], reached) + 1
      const [, aggregateId, version] = event
      // Most events follow on from the one before.
      if (aggregateId !== before?.[1] || version !== before[2] + 1) {
        const last = this.#last(aggregateId, reached)
        if (version !== last + 1) throw outOfTurn(aggregateId, version, last + 1)
      }
      reached.set(aggregateId, version)
      before = event
    }
    if (boundary) this.#check(boundary)
    if (tracking) this.#track(tracking)
    if (view) this.#views.admit(view)
    for (const [aggregateId, version] of reached) this.#versions.set(aggregateId, version)
    return events.map((event) => {
      const id = ++this.position
      const [, , , topic, , tags] = event
      event[0] = id
      this.#log.push({ id, topic, tags })
      return id
    })
  }

  #last(aggregateId: string, reached: ReadonlyMap<string, number>): number {
    return reached.get(aggregateId) ?? this.#versions.get(aggregateId) ?? maxVersion(this.#engine, aggregateId)
  }

  #check(boundary: Boundary): void {
    // Mostly, nothing at all was recorded since the query was read.
    if (boundary.after < this.#recorded) mustNotMatch(new StoredTags(this.#engine), boundary)
    mustNotMatch(this.#index, boundary)
  }

  #track(tracking: Tracking): void {
    const { applicationName, notificationId } = tracking
    mustGoOn(tracking, this.#tracked.get(applicationName) ?? maxTracked(this.#engine, applicationName))
    this.#tracked.set(applicationName, notificationId)
  }
}
