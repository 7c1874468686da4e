/**
 * Where the events with a topic and a tag are, in memory.
 *
 * It follows a log, and looks at new events only when it is asked for some of them: who never asks pays nothing. Each
 * list rises, so a range of it is found by bisection.
 */
import type { PositionIndex, Range, Tagged } from './query'

export interface Placed extends Tagged {
  readonly id: number
}

export class TagIndex implements PositionIndex {
  readonly #log: readonly Placed[]
  /** By tag and topic. No event has the tag '': under it are all events of a topic. */
  readonly #lists = new Map<string, Map<string, Placed[]>>()
  /** How much of the log is in the lists. */
  #read = 0

  /** @param log may grow at its end; its positions rise */
  constructor(log: readonly Placed[]) {
    this.#log = log
  }

  topics(tag: string): readonly string[] {
    return [...this.#listsOf(tag).keys()]
  }

  positions(topic: string | undefined, tags: readonly string[], { after, upTo, limit, descending }: Range): number[] {
    const lists =
      topic === undefined ? [this.#log] : (tags.length ? tags : ['']).map((tag) => this.#listsOf(tag).get(topic) ?? [])
    const [shortest, ...others] = lists
      .map((list) => ({ list, from: countUpTo(list, after), to: countUpTo(list, upTo) }))
      .sort((a, b) => a.to - a.from - (b.to - b.from))
    const { list, from, to } = shortest!
    const found: number[] = []
    for (let at = from; at < to && found.length < limit; at++) {
      const { id } = list[descending ? to - 1 - at + from : at]!
      if (others.every(({ list }) => list[countUpTo(list, id) - 1]?.id === id)) found.push(id)
    }
    return found
  }

  #listsOf(tag: string): ReadonlyMap<string, readonly Placed[]> {
    for (; this.#read < this.#log.length; this.#read++) {
      const event = this.#log[this.#read]!
      for (const tag of ['', ...(event.tags ?? [])]) {
        const lists = this.#lists.get(tag) ?? new Map<string, Placed[]>()
        const list = lists.get(event.topic) ?? []
        list.push(event)
        this.#lists.set(tag, lists.set(event.topic, list))
      }
    }
    return this.#lists.get(tag) ?? new Map()
  }
}

/** How many events of a list that rises are at this position or before it. */
function countUpTo(list: readonly Placed[], position: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (list[middle]!.id > position) high = middle
    else low = middle + 1
  }
  return low
}
