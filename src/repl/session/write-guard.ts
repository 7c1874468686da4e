/**
 * A recorder that can be made read-only: while `school` is on a copy, a variable that still holds a school on the true
 * store cannot record anything there by mistake.
 */
import type { EventQuery } from '../../port/query'
import type {
  AppendOptions,
  Notification,
  NotificationQuery,
  ReadOptions,
  Recorder,
  StateForm,
  StoredEvent,
  StreamQuery,
} from '../../port/recorder'
import type { ViewChange, ViewQuery, ViewState, ViewValue } from '../../port/view-store'
import { Refusal } from './refusal'

export class WriteGuard implements Recorder {
  isOpen = true
  /** The positions of what was appended here. */
  readonly recorded = new Set<number>()
  /** The last of them; 0 if there is none. */
  newest = 0
  /** What is being appended here, and may be recorded already. */
  readonly #underWay = new Set<readonly StoredEvent[]>()
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    this.#recorder = recorder
  }

  async append(events: readonly StoredEvent[], options?: AppendOptions): Promise<number[]> {
    this.#mustBeOpen()
    this.#underWay.add(events)
    try {
      const positions = await this.#recorder.append(events, options)
      for (const position of positions) this.recorded.add(position)
      this.newest = Math.max(this.newest, positions.at(-1) ?? 0)
      return positions
    } finally {
      this.#underWay.delete(events)
    }
  }
  /** Whether what is recorded is of this recorder: an append that is under way does not know its position yet. */
  has({ id, aggregateId, version, topic }: Notification): boolean {
    const isThis = (event: StoredEvent) =>
      event.aggregateId === aggregateId && event.topic === topic && (event.version || version) === version
    return this.recorded.has(id) || [...this.#underWay].some((events) => events.some(isThis))
  }
  async saveSnapshot(snapshot: StoredEvent): Promise<void> {
    this.#mustBeOpen()
    return this.#recorder.saveSnapshot(snapshot)
  }
  async saveView(change: ViewChange): Promise<void> {
    this.#mustBeOpen()
    return this.#recorder.saveView(change)
  }
  async swapView(from: string, to: string): Promise<void> {
    this.#mustBeOpen()
    return this.#recorder.swapView(from, to)
  }
  async dropView(view: string): Promise<void> {
    this.#mustBeOpen()
    return this.#recorder.dropView(view)
  }
  viewState(view: string): Promise<ViewState | undefined> {
    return this.#recorder.viewState(view)
  }
  viewRows(view: string, query?: ViewQuery): Promise<[string, ViewValue][]> {
    return this.#recorder.viewRows(view, query)
  }
  select(aggregateId: string, query?: StreamQuery): Promise<StoredEvent[]> {
    return this.#recorder.select(aggregateId, query)
  }
  read(query: EventQuery, options?: ReadOptions): Promise<Notification[]> {
    return this.#recorder.read(query, options)
  }
  notifications(query?: NotificationQuery): Promise<Notification[]> {
    return this.#recorder.notifications(query)
  }
  maxNotificationId(): Promise<number> {
    return this.#recorder.maxNotificationId()
  }
  maxTrackingId(applicationName: string): Promise<number> {
    return this.#recorder.maxTrackingId(applicationName)
  }
  snapshot(aggregateId: string, upTo?: number, as?: StateForm): Promise<StoredEvent | undefined> {
    return this.#recorder.snapshot(aggregateId, upTo, as)
  }
  logId(): Promise<string> {
    return this.#recorder.logId()
  }
  watch(wake: () => void): () => void {
    return this.#recorder.watch(wake)
  }
  close(): Promise<void> {
    return this.#recorder.close()
  }

  #mustBeOpen(): void {
    if (!this.isOpen)
      throw new Refusal(
        'This school uses another store than the prompt does now, so nothing was recorded.',
        'Use `school`.',
      )
  }
}
