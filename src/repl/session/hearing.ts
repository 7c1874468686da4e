/** What some work reads in a store and appends to it: heard between the school and its recorder. */
import type { AppendOptions, Recorder, StoredEvent } from '../../port/recorder'

export type Heard =
  /** The history of one aggregate, as far as it was read. */
  | { readonly kind: 'history'; readonly id: string; readonly versions: readonly number[] }
  /** Events that a query selected, or a part of the log. */
  | { readonly kind: 'query' | 'log'; readonly positions: readonly number[] }
  | { readonly kind: 'append'; readonly events: readonly StoredEvent[]; readonly options: AppendOptions }

/** Does the work, and tells what it has read and appended, in order. */
export async function hearing<T>(recorder: Recorder, work: () => Promise<T>): Promise<{ result: T; heard: Heard[] }> {
  const heard: Heard[] = []
  const positionsOf = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id)
  const { select, read, notifications, append } = recorder
  const listening: Partial<Recorder> = {
    async select(id, query) {
      const rows = await select.call(recorder, id, query)
      heard.push({ kind: 'history', id, versions: rows.map(({ version }) => version) })
      return rows
    },
    async read(query, options) {
      const rows = await read.call(recorder, query, options)
      heard.push({ kind: 'query', positions: positionsOf(rows) })
      return rows
    },
    async notifications(query) {
      const rows = await notifications.call(recorder, query)
      heard.push({ kind: 'log', positions: positionsOf(rows) })
      return rows
    },
    async append(events, options = {}) {
      const positions = await append.call(recorder, events, options)
      if (events.length > 0) heard.push({ kind: 'append', events: [...events], options })
      return positions
    },
  }
  Object.assign(recorder, listening)
  try {
    return { result: await work(), heard }
  } finally {
    for (const name of Object.keys(listening)) Reflect.deleteProperty(recorder, name)
  }
}
