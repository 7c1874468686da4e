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

/** Events in the order of their positions. Most tags are those of one event: it needs no array. */
type List = Placed | Placed[]

/** The events with one topic: all of them, and by tag. */
interface OfTopic {
  readonly all: Placed[]
  readonly byTag: Map<string, List>
}

export class TagIndex implements PositionIndex {
  readonly #log: readonly Placed[]
  readonly #topics = new Map<string, OfTopic>()
  /** How much of the log is in the lists. */
  #read = 0

  /** @param log may grow at its end; its positions rise */
  constructor(log: readonly Placed[]) {
    this.#log = log
  }

  topics(tag: string): readonly string[] {
    this.#catchUp()
    return [...this.#topics].flatMap(([topic, { byTag }]) => (byTag.has(tag) ? [topic] : []))
  }

  positions(topic: string | undefined, tags: readonly string[], range: Range): number[] {
    if (topic === undefined) return positionsIn([this.#log], range)
    this.#catchUp()
    const events = this.#topics.get(topic)
    if (!events) return []
    const lists: (readonly Placed[])[] = []
    for (const tag of tags) {
      const list = events.byTag.get(tag)
      // Most decisions ask whether something has happened that has not.
      if (!list) return []
      lists.push(Array.isArray(list) ? list : [list])
    }
    return positionsIn(tags.length > 0 ? lists : [events.all], range)
  }

  #catchUp(): void {
    for (; this.#read < this.#log.length; this.#read++) {
      const event = this.#log[this.#read]!
      const events = this.#topics.get(event.topic) ?? { all: [], byTag: new Map<string, List>() }
      if (events.all.length === 0) this.#topics.set(event.topic, events)
      events.all.push(event)
      for (const tag of event.tags ?? []) add(events.byTag, tag, event)
    }
  }
}

function add(lists: Map<string, List>, tag: string, event: Placed): void {
  const list = lists.get(tag)
  if (list === undefined) lists.set(tag, event)
  else if (Array.isArray(list)) list.push(event)
  else lists.set(tag, [list, event])
}

/** Where the events are that all of these lists have. */
function positionsIn(lists: readonly (readonly Placed[])[], { after, upTo, limit, descending }: Range): number[] {
  const parts = lists.map((list) => ({ list, from: countUpTo(list, after), to: countUpTo(list, upTo) }))
  const [shortest, ...others] = parts.sort((a, b) => a.to - a.from - (b.to - b.from))
  const { list, from, to } = shortest!
  const found: number[] = []
  for (let at = from; at < to && found.length < limit; at++) {
    const { id } = list[descending ? to - 1 - at + from : at]!
    if (others.every(({ list }) => list[countUpTo(list, id) - 1]?.id === id)) found.push(id)
  }
  return found
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
