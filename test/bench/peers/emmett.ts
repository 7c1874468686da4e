/** Emmett, on PostgreSQL and in a file. */
import type { StoredEvent } from 'dog-school'
import { install } from './install'
import { data, type Group, PAGE, type Peer, paged, type Store } from './peer'

const cannot = { condition: 'it has no condition of an append besides the version of one stream' }

/** What is the same for all of its stores. */
// biome-ignore lint/suspicious/noExplicitAny: its types are not installed where this is compiled
function storeOf(store: any, emmett: any): Pick<Store, 'append' | 'read' | 'command'> {
  const handle = emmett.CommandHandler({
    initialState: () => ({ tricks: 0 }),
    evolve: (state: { tricks: number }) => ({ tricks: state.tricks + 1 }),
  })
  return {
    append: (events) =>
      store.appendToStream(
        events[0]!.aggregateId,
        events.map((event: StoredEvent) => ({ type: event.topic, data: data(event) })),
        { expectedStreamVersion: events[0]!.version === 1 ? 'STREAM_DOES_NOT_EXIST' : BigInt(events[0]!.version - 1) },
      ),
    read: async (id) => (await store.readStream(id)).events,
    command: (id) =>
      handle(store, id, ({ tricks }: { tricks: number }) => [
        { type: 'kennel:Dog.TrickAdded', data: { trick: `trick ${tricks}` } },
      ]),
  }
}

/** Its followers read such pages. */
// biome-ignore lint/suspicious/noExplicitAny: as above
const follow = (readMessagesBatch: any, from: unknown, count: number) =>
  paged<bigint>(count, async (after = 0n) => {
    const { messages, currentGlobalPosition } = await readMessagesBatch(from, { after, batchSize: PAGE })
    return [messages.length, currentGlobalPosition]
  })

const on = (group: Group, packages: readonly string[], open: Peer['open']): Peer => ({
  name: `Emmett ${packages[0]!.split('@').at(-1)}`,
  group,
  packages,
  open,
})

const forPostgres = ['@event-driven-io/emmett-postgresql@0.42.0', '@event-driven-io/emmett@0.42.0']
export const emmett = on('durable on PostgreSQL', forPostgres, async (at) => {
  const load = await install(forPostgres)
  const { getPostgreSQLEventStore, readMessagesBatch } = load('@event-driven-io/emmett-postgresql')
  const store = getPostgreSQLEventStore(at)
  await store.schema.migrate()
  const pool = load('@event-driven-io/dumbo').dumbo({ connectionString: at })
  return {
    ...storeOf(store, load('@event-driven-io/emmett')),
    follow: (count) => follow(readMessagesBatch, pool.execute, count),
    cannot,
    close: async () => {
      await pool.close()
      await store.close()
    },
  }
})

/** The newest one does not agree with the version of itself that it asks for. */
const forSqlite = ['@event-driven-io/emmett-sqlite@0.38.5', '@event-driven-io/emmett@0.38.5']
const alone = 'it closes its file at the end of each call, also for callers who are still at work'
export const emmettInFile = on('durable in a file', forSqlite, async (at) => {
  const load = await install(forSqlite)
  const { getSQLiteEventStore, readMessagesBatch, sqliteConnection } = load('@event-driven-io/emmett-sqlite')
  const store = storeOf(getSQLiteEventStore({ fileName: at }), load('@event-driven-io/emmett'))
  /** It does not wait until its file is in WAL mode, which now and then is in the way of its first commit. */
  const tried = async (work: () => Promise<unknown>) => {
    for (let tries = 1; ; tries++)
      try {
        return await work()
      } catch (error) {
        if ((error as { code?: string }).code !== 'SQLITE_BUSY' || tries === 10) throw error
      }
  }
  return {
    ...store,
    append: (events) => tried(() => store.append(events)),
    command: (id) => tried(() => store.command!(id)),
    async follow(count) {
      const connection = sqliteConnection({ fileName: at })
      const read = await follow(readMessagesBatch, connection, count)
      connection.close()
      return read
    },
    cannot: { ...cannot, writers: alone, streams: alone },
    close: async () => {},
  }
})
