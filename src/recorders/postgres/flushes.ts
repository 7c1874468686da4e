/**
 * Records the appends of a process in groups: callers that wait while a flush is under way share the next one, which is
 * one transaction and one round trip. A conflict fails its own caller only.
 */
import { VersionConflictError } from '../../errors'
import type { Boundary } from '../../port/query'
import type { StoredEvent, Tracking } from '../../port/recorder'
import { boundaryCrossed, mustGoOn, outOfTurn } from '../../refusals'
import type { Exactly } from './exactly'
import type { Given } from './server'
import { isTaken } from './told'

/** What one caller wants to be recorded. */
export interface Wanted {
  readonly events: readonly StoredEvent[]
  readonly boundary?: Boundary | undefined
  readonly tracking?: Tracking | undefined
}

interface Caller extends Wanted {
  readonly weight: number
  readonly resolve: (positions: number[]) => void
  readonly reject: (error: unknown) => void
}

/**
 * A flush has about so many events at most, or so much in fewer: one of many callers should not keep the others waiting,
 * and what is sent has to fit in a string.
 */
const LARGE = 2_000
/** A state of so many characters, or bytes, counts for one event more. */
const WEIGHTY = 10_000

const weightOf = ({ events }: Wanted): number =>
  events.reduce((weight, { state }) => weight + 1 + state.length / WEIGHTY, 0)
/** So often a caller is tried again for whom others, by another program, were faster. */
const TRIES = 20

/** What the server says of a caller. */
interface Fault {
  readonly caller: number
  readonly id?: string
  readonly version?: number
  readonly expected?: number
  readonly position?: number
  readonly tracked?: number
}

export class Flushes {
  readonly #exactly: Exactly
  readonly #append: string
  readonly #recorded: () => void
  #waiting: Caller[] = []
  #underWay: Promise<void> | undefined

  /** @param append the function to call @param recorded is called after events were recorded */
  constructor(exactly: Exactly, append: string, recorded: () => void) {
    this.#exactly = exactly
    this.#append = append
    this.#recorded = recorded
  }

  /** Resolves with the positions when they are durable. The events must not be changed by the caller any more. */
  add(wanted: Wanted): Promise<number[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...wanted, weight: weightOf(wanted), resolve, reject })
      this.#underWay ??= this.#run()
    })
  }

  async #run(): Promise<void> {
    // All that is added in the same turn, and in those that follow from it, goes together.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      let [many, size] = [0, 0]
      while (many < this.#waiting.length && (many === 0 || size + this.#waiting[many]!.weight <= LARGE))
        size += this.#waiting[many++]!.weight
      await this.#flush(this.#waiting.splice(0, many))
    }
    this.#underWay = undefined
  }

  async #flush(callers: readonly Caller[]): Promise<void> {
    try {
      await this.#record(callers)
    } catch (error) {
      for (const caller of callers) {
        // Somebody else recorded one of these versions meanwhile: each caller finds out alone.
        if (isTaken(error)) await this.#alone(caller)
        else caller.reject(error)
      }
    }
  }

  async #alone(caller: Caller): Promise<void> {
    for (let tries = 1; ; tries++)
      try {
        return await this.#record([caller])
      } catch (error) {
        if (!isTaken(error) || tries >= TRIES) return caller.reject(error)
      }
  }

  async #record(callers: readonly Caller[]): Promise<void> {
    const flush = new Flush(callers)
    const result = await this.#exactly.once(this.#append, flush.given())
    const { positions, faults } = JSON.parse(result) as { positions: number[]; faults: Fault[] }
    const failed = new Map(faults.map((fault) => [fault.caller, fault]))
    if (callers.some(({ events }, at) => events.length > 0 && !failed.has(at))) this.#recorded()
    let at = 0
    for (const [number, caller] of callers.entries()) {
      const own = positions.slice(at, at + caller.events.length)
      at += caller.events.length
      const fault = failed.get(number)
      if (fault) caller.reject(errorOf(fault, caller))
      else caller.resolve(own)
    }
  }
}

function errorOf({ id, version, expected, position, tracked }: Fault, { boundary, tracking }: Caller): unknown {
  if (id !== undefined) return outOfTurn(id, version!, expected!)
  if (position !== undefined) return boundaryCrossed(position, boundary!.after)
  try {
    mustGoOn(tracking!, tracked!)
  } catch (error) {
    return error
  }
  return new VersionConflictError('The append was refused, and is not any more: try again')
}

/** The arguments of the function `append`: see tables.ts. */
class Flush {
  readonly #portions = { streams: [] as number[], events: [] as number[], rules: [] as (string | null)[] }
  readonly #streams = { callers: [] as number[], ids: [] as string[] }
  readonly #events = {
    streams: [] as number[],
    places: [] as number[],
    versions: [] as number[],
    topics: [] as string[],
    texts: [] as (string | null)[],
    bytes: [] as (Uint8Array | null)[],
    tags: [] as (string | null)[],
  }
  /** The aggregates of the last portion. */
  readonly #ids = new Set<string>()

  constructor(callers: readonly Caller[]) {
    for (const [number, caller] of callers.entries()) {
      const rule = ruleOf(number, caller)
      const isApart = rule !== null || caller.events.some(({ aggregateId }) => this.#ids.has(aggregateId))
      if (number === 0 || isApart || this.#portions.rules.at(-1)) this.#open(rule)
      this.#add(number, caller.events)
    }
  }

  #open(rule: string | null): void {
    this.#ids.clear()
    this.#portions.rules.push(rule)
    this.#portions.streams.push(this.#streams.ids.length)
    this.#portions.events.push(this.#events.topics.length)
  }

  #add(caller: number, events: readonly StoredEvent[]): void {
    const own = new Map<string, { stream: number; length: number }>()
    for (const { aggregateId, version, topic, state, tags } of events) {
      let found = own.get(aggregateId)
      if (!found) {
        this.#streams.callers.push(caller)
        found = { stream: this.#streams.ids.push(aggregateId), length: 0 }
        own.set(aggregateId, found)
        this.#ids.add(aggregateId)
      }
      this.#events.streams.push(found.stream)
      this.#events.places.push(++found.length)
      this.#events.versions.push(version)
      this.#events.topics.push(topic)
      this.#events.texts.push(typeof state === 'string' ? state : null)
      this.#events.bytes.push(typeof state === 'string' ? null : state)
      this.#events.tags.push(tags?.length ? JSON.stringify(tags) : null)
    }
    this.#portions.streams.splice(-1, 1, this.#streams.ids.length)
    this.#portions.events.splice(-1, 1, this.#events.topics.length)
  }

  given(): readonly Given[] {
    const { streams, places, versions, topics, texts, bytes, tags } = this.#events
    const { rules } = this.#portions
    return [
      this.#portions.streams,
      this.#portions.events,
      rules.some(Boolean) ? rules : null,
      this.#streams.callers,
      this.#streams.ids,
      streams,
      places,
      versions,
      topics,
      texts,
      bytes.map((each) => each && Buffer.from(each)),
      tags,
    ]
  }
}

/** What is checked for a caller besides versions; null if nothing is. */
function ruleOf(caller: number, { boundary, tracking }: Wanted): string | null {
  if (!boundary && !tracking) return null
  return JSON.stringify({
    caller,
    ...(boundary && { query: boundary.query, after: boundary.after }),
    ...(tracking && {
      application: tracking.applicationName,
      notification: tracking.notificationId,
      before: tracking.after,
    }),
  })
}
