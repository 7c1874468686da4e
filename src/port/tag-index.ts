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
  /** By topic, of which there are few, and by tag. No event has the tag '': under it are all events of a topic. */
  readonly #lists = new Map<string, Map<string, Placed[]>>()
  /** How much of the log is in the lists. */
  #read = 0

  /** @param log may grow at its end; its positions rise */
  constructor(log: readonly Placed[]) {
    this.#log = log
  }

  topics(tag: string): readonly string[] {
    this.#catchUp()
    return [...this.#lists.keys()].filter((topic) => this.#lists.get(topic)?.has(tag))
  }

  positions(topic: string | undefined, tags: readonly string[], { after, upTo, limit, descending }: Range): number[] {
    if (topic !== undefined) this.#catchUp()
    const ofTopic = this.#lists.get(topic ?? '')
    const lists: (readonly Placed[])[] = topic === undefined ? [this.#log] : []
    if (topic !== undefined)
      for (const tag of tags.length ? tags : ['']) {
        const list = ofTopic?.get(tag)
        // Most decisions ask whether something has happened that has not.
        if (!list) return []
        lists.push(list)
      }
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

  #catchUp(): void {
    for (; this.#read < this.#log.length; this.#read++) {
      const event = this.#log[this.#read]!
      const lists = this.#lists.get(event.topic) ?? new Map<string, Placed[]>()
      if (lists.size === 0) this.#lists.set(event.topic, lists)
      add(lists, '', event)
      for (const tag of event.tags ?? []) add(lists, tag, event)
    }
  }
}

function add(lists: Map<string, Placed[]>, tag: string, event: Placed): void {
  const list = lists.get(tag)
  if (list) list.push(event)
  else lists.set(tag, [event])
}

/** How many events of a list that rises are at this position or before it. */
function countUpTo(list: readonly Placed[], position: number): number {
  let [low, high] = [0, list.length]
  // Mostly it is asked for what has come since the newest one.
  if (high === 0 || list[high - 1]!.id <= position) return high
  while (low < high) {
    const middle = (low + high) >>> 1
    if (list[middle]!.id > position) high = middle
    else low = middle + 1
  }
  return low
}
