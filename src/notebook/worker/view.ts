/** A view beside the log: how many tricks each dog knows. It is a projection of the library. */
import { type FollowableLog, type NotificationLog, Projection } from 'dog-school'
import type { ViewMove, ViewShown } from '../sights'

interface Known {
  readonly name: string
  tricks: number
}
/** The most rows that are shown. */
const most = 100

type Counts = Map<string, Known>

const counting = (log: FollowableLog): Projection<Counts> =>
  new Projection<Counts>(log, () => new Map(), {
    Registered: (counts, { aggregateId, payload }) =>
      counts.set(aggregateId, { name: nameIn(payload) ?? aggregateId.slice(0, 4), tricks: 0 }),
    TrickAdded: (counts, { aggregateId }) => {
      const known = counts.get(aggregateId)
      if (known) known.tricks++
    },
  })

function nameIn(payload: object): string | undefined {
  const { name } = payload as { name?: unknown }
  return typeof name === 'string' && name !== '' ? name : undefined
}

interface Reading {
  readonly log: NotificationLog
  readonly projection: Projection<Counts>
  /** It reads no further. */
  end: number
}

/**
 * It catches up when it is looked at, between two runs, rather than in the background: whatever looks at the clock while a run
 * goes would change what the run records. Where it is stopped, the page knows: this one ends with its worker.
 */
export class View {
  #reading: Reading | undefined

  /**
   * What it showed when this position was the newest; where it has not come so far, what it shows now.
   *
   * @param stopped the position where it is stopped; undefined: it follows the log
   */
  async at(log: NotificationLog, position: number, stopped?: number): Promise<ViewShown> {
    const reading = this.#on(log, stopped)
    let problem: string | undefined
    try {
      await broughtTo(reading, stopped)
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
    }
    const { projection } = reading
    const reached = Math.min(position, projection.position)
    const counts = reached === projection.position ? projection.view : await projection.at(reached)
    return {
      rows: [...counts.values()].slice(0, most).map(({ name, tricks }) => [name, String(tricks)]),
      more: Math.max(0, counts.size - most),
      position: reached,
      behind: position - reached,
      follows: stopped === undefined,
      ...(problem !== undefined && { problem }),
    }
  }

  /** Returns where it is stopped then; undefined: it follows the log. */
  async move(log: NotificationLog, move: ViewMove, stopped?: number): Promise<number | undefined> {
    if (move === 'start') return undefined
    const reading = this.#on(log, stopped)
    await broughtTo(reading, stopped)
    const { projection } = reading
    if (move !== 'stop') await projection[move]()
    return stopped === undefined && move !== 'stop' ? undefined : projection.position
  }

  /** On another log, or before where it was, it begins anew. */
  #on(log: NotificationLog, stopped = Number.POSITIVE_INFINITY): Reading {
    const before = this.#reading
    if (before?.log === log && before.projection.position <= stopped) return before
    const end = Number.POSITIVE_INFINITY
    const reading: Reading = { log, projection: counting(upTo(log, () => reading.end)), end }
    this.#reading = reading
    return reading
  }
}

async function broughtTo(reading: Reading, position = Number.POSITIVE_INFINITY): Promise<void> {
  reading.end = position
  try {
    await reading.projection.catchUp()
  } finally {
    reading.end = Number.POSITIVE_INFINITY
  }
}

/** A log as it was when this position was the newest. */
const upTo = (log: NotificationLog, end: () => number): FollowableLog => ({
  select: (query) => log.select(query),
  max: async () => Math.min(await log.max(), end()),
  logId: () => log.logId(),
  watch: (wake) => log.watch(wake),
})
