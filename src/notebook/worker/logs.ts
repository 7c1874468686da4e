/** The logs of a session: that of `school`, and those of the schools that the cells have made, on stores of their own. */
import { Application, type LoggedEvent, type Recorder } from 'dog-school'
import { Members } from '../../repl/session/members'
import type { Session } from '../../repl/session/session'

/** An event that is new, and how its aggregate is called. */
export interface Fresh {
  readonly event: LoggedEvent
  readonly who: string
  /** The names of the schools on its store; undefined for that of `school`. */
  readonly store?: string
}

interface Store {
  readonly name: string
  readonly school: Application
  readonly members: Members
  /** Up to where it has been read. */
  last: number
}

export class Logs {
  readonly #session: Session
  readonly #own = new Map<Recorder, Store>()
  #last: number

  constructor(session: Session) {
    this.#session = session
    this.#last = session.startedAt
  }

  /** What has been recorded since this was asked last. */
  async fresh(): Promise<Fresh[]> {
    const members = await this.#session.members()
    const events = await this.#session.school.notificationLog.select({ start: this.#last + 1 })
    this.#last = events.at(-1)?.id ?? this.#last
    const all: Fresh[] = events.map((event) => ({ event, who: members.label(event.aggregateId) }))
    this.#learn()
    for (const store of this.#own.values()) all.push(...(await freshIn(store)))
    return all
  }

  /** The school on a store, as `Fresh` names it. */
  schoolOf(store: string | undefined): Application | undefined {
    if (store === undefined) return this.#session.school
    return [...this.#own.values()].find(({ name }) => name === store)?.school
  }

  /** A store is called after the schools that are on it when it is first seen. */
  #learn(): void {
    const { evaluator, school: usual } = this.#session
    const values = evaluator.values().reverse()
    const found = new Map<Recorder, { readonly school: Application; readonly names: string[] }>()
    for (const [at, name] of evaluator.names.entries()) {
      const school = values[at]
      if (!(school instanceof Application) || name === '_' || school.recorder === usual.recorder) continue
      if (this.#own.has(school.recorder)) continue
      const known = found.get(school.recorder) ?? { school, names: [] }
      known.names.push(name)
      found.set(school.recorder, known)
    }
    for (const [recorder, { school, names }] of found)
      this.#own.set(recorder, { name: names.join(' and '), school, members: new Members(), last: 0 })
  }
}

async function freshIn(store: Store): Promise<Fresh[]> {
  const { name, school, members } = store
  try {
    const start = store.last + 1
    const events = await school.notificationLog.select({ start })
    await members.add(await school.recorder.notifications({ start, as: 'bytes' }), async () => undefined)
    store.last = events.at(-1)?.id ?? store.last
    return events.map((event) => ({ event, who: members.label(event.aggregateId), store: name }))
  } catch {
    return [] // The cell has closed it.
  }
}
