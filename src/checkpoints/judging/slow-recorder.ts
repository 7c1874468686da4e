/** The store of a learner's school: slow, sometimes full, and at its end with whoever never stops asking. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type AppendOptions, MemoryRecorder, type StoredEvent, type StreamQuery } from 'dog-school'

/** More than any example needs. */
const MOST_LOADS = 200

/** Takes its time, so that whoever does not wait for it is found out. */
export class SlowRecorder extends MemoryRecorder {
  appends = 0
  isFull = false
  #loads = 0
  #giveUp: () => void = () => undefined
  /** Resolves when somebody goes on whatever the error is: from then on, nothing is answered. */
  readonly givenUp = new Promise<void>((resolve) => {
    this.#giveUp = resolve
  })

  /** @param delay of each append, in milliseconds */
  constructor(readonly delay = 1) {
    super()
  }

  override async select(aggregateId: string, query?: StreamQuery): Promise<StoredEvent[]> {
    // Where nobody waits for the method that does it, nobody hears of this: then it says itself what it comes from.
    if (++this.#loads > MOST_LOADS + 20) {
      this.#giveUp()
      return new Promise(() => undefined)
    }
    if (this.#loads > MOST_LOADS)
      throw Object.assign(new RangeError('It loads the dog again and again'), { hint: 'calls-itself' })
    return super.select(aggregateId, query)
  }

  override async append(events: readonly StoredEvent[], options?: AppendOptions): Promise<number[]> {
    this.appends++
    await sleep(this.delay)
    // A disk that is full: whoever saves must hear of it.
    if (this.isFull) throw new Error('The disk is full')
    return super.append(events, options)
  }
}
