/** Recorders that are broken on purpose: after they were closed and opened again. */
import type { MemoryRecorder } from 'dog-school'
import type { Broken } from './broken'
import { kept } from './kept'

const changes: Readonly<Record<string, (store: MemoryRecorder) => unknown>> = {
  'has another id': (store) => Object.assign(store, { logId: async () => 'another' }),
  'forgets how far it has read another log': (store) => Object.assign(store, { maxTrackingId: async () => 0 }),
  'forgets snapshots': (store) => Object.assign(store, { snapshot: async () => undefined }),
  'forgets views': (store) => store.dropView('tricks'),
  'begins again with its positions': (store) => Object.assign(store, { maxNotificationId: async () => 0 }),
  'forgets tags': (store) => Object.assign(store, { read: async () => [] }),
  'has kept text in place of bytes': (store) => {
    const { select } = store
    store.select = async (id) =>
      (await select.call(store, id, { as: 'bytes' })).map((event) => ({
        ...event,
        state: new TextDecoder().decode(event.state as Uint8Array),
      }))
  },
  'takes a version again': (store) => Object.assign(store, { append: async () => [9] }),
}

export const restarting: readonly Broken[] = [
  ...Object.entries(changes).map(
    ([what, change]): Broken => [
      `${what} when it is opened again`,
      'has everything when it is closed and opened again, and goes on from there',
      () => kept(change),
    ],
  ),
  [
    'loses what was being recorded when it was closed',
    'has what was acknowledged, and nothing else, when it is closed meanwhile',
    () => kept((store) => Object.assign(store, { notifications: async () => [] })),
  ],
]
