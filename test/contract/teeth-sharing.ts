/** Recorders that are broken on purpose: several of them on one store. */
import { MemoryRecorder } from 'dog-school'
import type { Broken } from './broken'
import { shared } from './kept'

/** What another recorder does wrong on a store that is not its own alone, by what that is, and the case that must notice. */
const wrong: readonly (readonly [
  what: string,
  noticedBy: string,
  make: (store: MemoryRecorder) => Partial<MemoryRecorder>,
])[] = [
  [
    'has an id of its own for the log that it shares',
    'is one store for all recorders that are opened on it',
    () => ({ logId: async () => 'another' }),
  ],
  [
    'keeps snapshots to itself',
    'is one store for all recorders that are opened on it',
    () => {
      const own = new MemoryRecorder()
      return { snapshot: own.snapshot.bind(own) }
    },
  ],
  [
    'has read the versions before another recorder wrote',
    'lets one of two recorders win each version',
    (store) => ({
      append: (events, options) =>
        store.append(
          events.map((event) => ({ ...event, version: 0 })),
          options,
        ),
    }),
  ],
  [
    'refuses a whole group because another recorder was faster for one of it',
    'refuses only those of many callers for whom another recorder was faster',
    (store) => {
      let group: Promise<unknown>[] = []
      return {
        async append(events, options) {
          const own = store.append(events, options)
          group.push(own)
          await null
          const all = group
          queueMicrotask(() => {
            group = []
          })
          await Promise.all(all)
          return own
        },
      }
    },
  ],
  [
    'shows an event before one that has an earlier position',
    'shows followers what other recorders record, in one order and without a gap',
    (store) => {
      // The followers of this case read the first recorder, so it is the one that is wrong.
      const { notifications } = store
      let looks = 0
      store.notifications = async (query) => {
        const found = await notifications.call(store, query)
        return ++looks % 3 === 2 && found.length > 2 ? found.toSpliced(-2, 1) : found
      }
      return {}
    },
  ],
  [
    'wakes those who watch only for what it has recorded itself',
    'wakes those who watch another recorder',
    () => ({ watch: () => () => {} }),
  ],
  [
    'holds boundaries against its own events alone',
    'holds boundaries against what other recorders record',
    (store) => ({ append: (events, { tracking } = {}) => store.append(events, { tracking }) }),
  ],
  [
    'tracks for itself',
    'tracks a notification once, whichever recorder processes it',
    (store) => ({ append: (events, options) => store.append(events, { ...options, tracking: undefined }) }),
  ],
  [
    'believes to be the only writer of views',
    'takes a step of a view once, whichever recorder takes it',
    (store) => ({ saveView: (change) => store.saveView(change).catch(() => undefined) }),
  ],
  [
    'closes the store when it is closed',
    'goes on when other recorders are closed',
    (store) => ({
      async close() {
        store.append = () => Promise.reject(new Error('closed'))
      },
    }),
  ],
]

export const sharing: readonly Broken[] = wrong.map(([what, noticedBy, make]) => [what, noticedBy, () => shared(make)])
