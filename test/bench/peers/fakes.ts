/** Peers that the test of the benchmarks compares: one that keeps its events in an array, and others that break it. */
import type { StoredEvent } from 'dog-school'
import type { Peer, Store } from './peer'

/** What a process of its own would take is measured of one of them. */
const unmeasured = { memory: 'it is not asked', start: 'it is not asked' }

function kept(changed: (store: Store) => Partial<Store> = () => ({ unmeasured })): Store {
  const log: (StoredEvent & { readonly tag?: string })[] = []
  const store: Store = {
    append: async (events) => log.push(...events),
    read: async (id) => log.filter(({ aggregateId }) => aggregateId === id),
    async command(id) {
      const version = (await store.read(id)).length + 1
      log.push({ aggregateId: id, version, topic: 'kennel:Dog.TrickAdded', state: '{}' })
    },
    follow: async (count) => log.slice(0, count).length,
    condition: async () => {
      const after = log.length
      return async (event, tag) => {
        if (log.slice(after).some((each) => each.tag === tag)) return false
        log.push({ ...event, tag })
        return true
      }
    },
    close: async () => {},
  }
  return { ...store, ...changed(store) }
}

const fake = (name: string, store: () => Store, group: Peer['group'] = 'in memory'): Peer => ({
  name,
  group,
  packages: ['fake@1.2.3'],
  open: async () => store(),
})

export const peers: readonly Peer[] = [
  fake('this library', () => kept(() => ({}))),
  fake('a <b> & "c"', () => kept()),
  fake('forgetful', () =>
    kept((store) => ({
      read: async (id) => (await store.read(id)).slice(1),
      command: async () => {},
      follow: async (count) => count - 1,
      condition: async () => async () => true,
      unmeasured,
    })),
  ),
  fake('failing', () =>
    kept(() => ({
      command: async () => {
        throw new Error('the commands have failed')
      },
      close: async () => {
        throw new Error('it cannot be closed')
      },
      unmeasured,
    })),
  ),
  fake('unable', () => kept(() => ({ unmeasured, cannot: { condition: 'it knows no tags' } })), 'durable in a file'),
  fake('absent', () => {
    throw new Error(
      'Command failed: npm install fake\nnpm error code E404\nnpm error 404 Not Found - GET https://registry.example/fake\n',
    )
  }),
  fake('remote', () => kept(), 'durable on PostgreSQL'),
]
