/**
 * Stands between a school and its store, and can be closed for writing: whoever still holds a school of the true store
 * while something is only being tried cannot record anything in it by mistake.
 */
import type {
  Notification,
  NotificationQuery,
  Recorder,
  StateForm,
  StoredEvent,
  StreamQuery,
  Tracking,
} from '../../recorder'
import { Refusal } from './refusal'

export class Door implements Recorder {
  isOpen = true
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    this.#recorder = recorder
  }

  async append(events: readonly StoredEvent[], tracking?: Tracking): Promise<number[]> {
    this.#mustBeOpen()
    return this.#recorder.append(events, tracking)
  }
  async saveSnapshot(snapshot: StoredEvent): Promise<void> {
    this.#mustBeOpen()
    return this.#recorder.saveSnapshot(snapshot)
  }
  select(aggregateId: string, query?: StreamQuery): Promise<StoredEvent[]> {
    return this.#recorder.select(aggregateId, query)
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
  close(): Promise<void> {
    return this.#recorder.close()
  }

  #mustBeOpen(): void {
    if (!this.isOpen)
      throw new Refusal(
        'This school stands on another store than the prompt does now, so nothing was recorded.',
        'Use `school`.',
      )
  }
}
