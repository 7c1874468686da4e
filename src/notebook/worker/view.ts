/** A view beside the log: how many tricks each dog knows. It is a projection of the library. */
import { type NotificationLog, Projection } from 'dog-school'
import type { ViewMove, ViewShown } from '../sights'

interface Known {
  readonly name: string
  tricks: number
}
/** The most rows that are shown. */
const most = 100

type Counts = Map<string, Known>

const counting = (log: NotificationLog): Projection<Counts> =>
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

/**
 * It catches up when it is looked at, between two runs, rather than in the background: whatever looks at the clock while a run
 * goes would change what the run records.
 */
export class View {
  #view: { readonly log: NotificationLog; readonly projection: Projection<Counts> } | undefined
  #follows = true

  /** What it showed when this position was the newest; where it has not come so far, what it shows now. */
  async at(log: NotificationLog, position: number): Promise<ViewShown> {
    const projection = this.#on(log)
    let problem: string | undefined
    if (this.#follows)
      try {
        await projection.catchUp()
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error)
      }
    const reached = Math.min(position, projection.position)
    const counts = reached === projection.position ? projection.view : await projection.at(reached)
    return {
      rows: [...counts.values()].slice(0, most).map(({ name, tricks }) => [name, String(tricks)]),
      more: Math.max(0, counts.size - most),
      position: reached,
      behind: position - reached,
      follows: this.#follows,
      ...(problem !== undefined && { problem }),
    }
  }

  async move(log: NotificationLog, move: ViewMove): Promise<void> {
    if (move === 'start' || move === 'stop') this.#follows = move === 'start'
    else await this.#on(log)[move]()
  }

  /** On another log, it begins anew. */
  #on(log: NotificationLog): Projection<Counts> {
    if (this.#view?.log !== log) this.#view = { log, projection: counting(log) }
    return this.#view.projection
  }
}
