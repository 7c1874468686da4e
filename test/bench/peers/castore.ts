/** Castore, in memory: its other stores are services that are rented. */
import { install } from './install'
import { data, type Peer } from './peer'

interface Dog {
  readonly aggregateId: string
  readonly version: number
  readonly tricks: number
}

export const castore: Peer = {
  name: 'Castore 2.4.2',
  group: 'in memory',
  packages: ['@castore/event-storage-adapter-in-memory@2.4.2', '@castore/core@2.4.2'],
  async open() {
    const load = await install(this.packages)
    const eventStorageAdapter = new (load('@castore/event-storage-adapter-in-memory').InMemoryEventStorageAdapter)()
    const store = new (load('@castore/core').EventStore)({
      eventStoreId: 'bench',
      eventTypes: [],
      reducer: (dog: Dog | undefined, { aggregateId, version }: Dog) => ({
        aggregateId,
        version,
        tricks: (dog?.tricks ?? -1) + 1,
      }),
      eventStorageAdapter,
    })
    return {
      // It has no way to append several events to one stream at once.
      async append(events) {
        for (const event of events) {
          const { aggregateId, version, topic: type } = event
          await store.pushEvent({ aggregateId, version, type, payload: data(event) })
        }
      },
      read: async (id) => (await store.getEvents(id)).events,
      async command(id) {
        const { aggregate: dog } = await store.getAggregate(id)
        const payload = { trick: `trick ${dog.tricks}` }
        const event = { aggregateId: id, version: dog.version + 1, type: 'kennel:Dog.TrickAdded', payload }
        await store.pushEvent(event, { prevAggregate: dog })
      },
      cannot: {
        follow: 'its events have no order beyond their stream',
        condition: 'it has no condition of an append besides the version of one stream',
      },
      close: async () => {},
    }
  },
}
