/** The store that `school` stands on: a file, memory, or a PostgreSQL server. */
import type { PostgresRecorder } from '../../recorders/postgres'
import type { SqliteRecorder } from '../../recorders/sqlite'

export type Store = SqliteRecorder | PostgresRecorder

export const isOnServer = (store: Store): store is PostgresRecorder => !('file' in store)

/** What a store is called: the path of a file, `:memory:`, or the address of a server, without its password, with the table if it is not the usual one. */
export function nameOf(store: Store): string {
  if (!isOnServer(store)) return store.file
  return store.table === 'public.stored_events' ? store.name : `${store.name} (${store.table})`
}

/** Where a name is the address of a server. */
export const isAddress = (name: string): boolean => /^postgres(ql)?:/i.test(name)

/** How many events there are. Positions may have gaps. */
export async function countOf(store: Store): Promise<number> {
  const { rows } = await store.query(`SELECT count(*) FROM ${isOnServer(store) ? store.table : 'stored_events'}`)
  return Number(rows[0]?.[0])
}
