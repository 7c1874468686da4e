/** This library and its peers, each as a store that does the same work on the same PostgreSQL server. */
import type { StoredEvent } from 'dog-school'
import { postgres } from '../../../src/recorders/postgres'
import { ByHand } from '../postgres/by-hand'
import { install } from './install'

export interface Store {
  /** Events of one stream, which go on from version `events[0].version`. */
  append(events: readonly StoredEvent[]): Promise<unknown>
  /** How many events a stream has, each with its payload parsed. */
  replay(id: string): Promise<number>
  close(): Promise<unknown>
}

export interface Peer {
  readonly name: string
  readonly packages: readonly string[]
  open(url: string): Promise<Store>
}

const data = (event: StoredEvent) => JSON.parse(event.state as string)

const ours: Peer = {
  name: 'this library',
  packages: [],
  async open(url) {
    const recorder = postgres(url)
    await recorder.open()
    return {
      append: (events) => recorder.append(events),
      replay: async (id) => (await recorder.select(id)).map(data).length,
      close: () => recorder.close(),
    }
  },
}

const byHand: Peer = {
  name: 'pg by hand',
  packages: [],
  async open(url) {
    const hand = await ByHand.connect(url)
    return {
      append: (events) => (events.length === 1 ? hand.transaction(events[0]!) : hand.insertAll(events)),
      replay: async (id) => (await hand.stream(id)).map((state) => JSON.parse(state)).length,
      close: () => hand.close(),
    }
  },
}

const emmett: Peer = {
  name: 'Emmett',
  packages: ['@event-driven-io/emmett-postgresql@0.42.0', '@event-driven-io/emmett@0.42.0'],
  async open(url) {
    const load = await install(this.packages)
    const store = load('@event-driven-io/emmett-postgresql').getPostgreSQLEventStore(url)
    await store.schema.migrate()
    return {
      append: (events) =>
        store.appendToStream(
          events[0]!.aggregateId,
          events.map((event) => ({ type: event.topic, data: data(event) })),
          {
            expectedStreamVersion: events[0]!.version === 1 ? 'STREAM_DOES_NOT_EXIST' : BigInt(events[0]!.version - 1),
          },
        ),
      replay: async (id) => (await store.readStream(id)).events.length,
      close: () => store.close(),
    }
  },
}

const act: Peer = {
  name: 'Act',
  // The newest ones need Node.js 22.
  packages: ['@rotorsoft/act-pg@0.4.2', '@rotorsoft/act@0.5.3'],
  async open(url) {
    const load = (await install(this.packages)) as NodeJS.Require & { folder: string }
    const here = process.cwd()
    process.chdir(load.folder)
    const { PostgresStore } = load('@rotorsoft/act-pg')
    process.chdir(here)
    const { hostname: host, port, username: user, password, pathname } = new URL(url)
    const database = pathname.slice(1)
    const store = new PostgresStore({ host, port: Number(port || 5432), user, password, database, schema: 'act' })
    await store.seed()
    return {
      append: (events) => {
        const [{ aggregateId, version }] = events as [StoredEvent]
        const messages = events.map((event) => ({ name: event.topic, data: data(event) }))
        // Its versions begin with 0.
        const expected = version === 1 ? undefined : version - 2
        return store.commit(aggregateId, messages, { correlation: 'bench', causation: {} }, expected)
      },
      replay: (id) => store.query(() => {}, { stream: id }),
      close: () => store.dispose(),
    }
  },
}

const castore: Peer = {
  name: 'Castore, in memory',
  packages: ['@castore/event-storage-adapter-in-memory@2.4.2', '@castore/core@2.4.2'],
  async open() {
    const load = await install(this.packages)
    const store = new (load('@castore/event-storage-adapter-in-memory').InMemoryEventStorageAdapter)()
    const context = { eventStoreId: 'bench' }
    return {
      // It has no way to append several events to one stream at once.
      async append(events) {
        for (const event of events) {
          const { aggregateId, version, topic: type } = event
          await store.pushEvent({ aggregateId, version, type, payload: data(event) }, context)
        }
      },
      replay: async (id) => (await store.getEvents(id, context)).events.length,
      close: async () => {},
    }
  },
}

const boundless: Peer = {
  name: 'BoundlessDB',
  packages: ['boundlessdb@latest'],
  async open() {
    await install(this.packages)
    throw new Error('it can be installed now: tell the benchmarks how it is used')
  },
}

export const peers: readonly Peer[] = [ours, byHand, emmett, act, castore, boundless]
