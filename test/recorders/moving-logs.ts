/** Stores with all that one can have in it, for tests that move them, and everything that can be read of a store. */
import type { Recorder } from 'dog-school'
import type { SqliteRecorder } from 'dog-school/sqlite'
import fc from 'fast-check'
import { type Movable, type Moved, type MoveOptions, move } from '../../src/moving'
import type { MovingStore } from '../../src/port/moving'

export type Store = Recorder & Movable

/** What happens to a store. */
type Happening = (store: SqliteRecorder) => Promise<unknown>

const ids = ['3f1a0000000000000000000000000001', 'a'.repeat(32), '0123456789abcdef0123456789abcdef']
const words = ['', 'sit', 'Ä 🐕', '{"a":"\\u0001"}', "it's"]
const names = ['dogs', 'Dogs', 'Ä', '🐕', '\uffee', 'dogs 2']
const id = fc.constantFrom(...ids)
const bytes = fc.uint8Array({ maxLength: 5 })
const state = fc.oneof(fc.constantFrom('{}', '{"name":"Ä 🐕"}'), bytes)
const topic = fc.constantFrom('dogschool:Dog.Registered', 'dogschool:Dog.TrickAdded', 'Ä')
const tags = fc.uniqueArray(fc.constantFrom('dog:fido', 'dog:rex', 'Ä', '🐕', '\uffee'), { maxLength: 3 })
const value = fc.oneof(fc.constantFrom(...words), bytes)

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    arbitrary: fc.array(fc.record({ id, topic, state, tags }), { minLength: 1, maxLength: 6 }).map(
      (events): Happening =>
        (store) =>
          store.append(events.map(({ id: aggregateId, ...event }) => ({ aggregateId, version: 0, ...event }))),
    ),
    weight: 4,
  },
  fc.tuple(fc.constantFrom(...names), fc.nat(5)).map(
    ([applicationName, more]): Happening =>
      async (store) => {
        const notificationId = (await store.maxTrackingId(applicationName)) + 1 + more
        return store.append([], { tracking: { applicationName, notificationId } })
      },
  ),
  fc.record({ aggregateId: id, version: fc.integer({ min: 1, max: 9 }), topic, state }).map(
    (snapshot): Happening =>
      (store) =>
        store.saveSnapshot(snapshot),
  ),
  fc
    .tuple(fc.constantFrom(...names), fc.array(fc.tuple(fc.constantFrom(...words, ...names), value), { maxLength: 5 }))
    .map(
      ([view, rows]): Happening =>
        async (store) => {
          const { position: after = 0, build = 'build' } = (await store.viewState(view)) ?? {}
          return store.saveView({
            view,
            after,
            position: after + 1,
            logId: await store.logId(),
            form: 'form',
            build,
            rows,
          })
        },
    ),
  // Events that are gone: holes in positions and versions, and a last position without an event.
  fc.constantFrom('rowid % 3 = 1', 'rowid = (SELECT max(rowid) FROM stored_events)', 'originator_version = 2').map(
    (which): Happening =>
      (store) =>
        store.query(`DELETE FROM stored_events WHERE ${which}`, { write: true }),
  ),
)

export const happenings = fc.array(happening, { maxLength: 14 })

/** One of each kind. */
export const some: readonly Happening[] = [
  (store) =>
    store.append(
      ids.map((aggregateId) => ({
        aggregateId,
        version: 0,
        topic: 'A',
        state: new Uint8Array([0, 255]),
        tags: ['a', 'b'],
      })),
    ),
  (store) =>
    store.append([...ids, ...ids].map((aggregateId) => ({ aggregateId, version: 0, topic: 'B', state: '{}' }))),
  (store) => store.query('DELETE FROM stored_events WHERE rowid IN (2, 5, 9)', { write: true }),
  // Another program has put text where bytes should be.
  (store) => store.query("UPDATE stored_events SET state = '{}' WHERE rowid = 4", { write: true }),
  (store) => store.append([], { tracking: { applicationName: 'dogs', notificationId: 4 } }),
  (store) => store.append([], { tracking: { applicationName: 'dogs', notificationId: 7 } }),
  (store) => store.saveSnapshot({ aggregateId: ids[0]!, version: 1, topic: 'S', state: new Uint8Array([7]) }),
  async (store) =>
    store.saveView({
      view: 'dogs',
      after: 0,
      position: 3,
      logId: await store.logId(),
      form: 'f',
      build: 'b',
      rows: [
        ['fido', '1'],
        ['rex', new Uint8Array([1])],
      ],
    }),
]

/** Everything that can be read of a store by the port. */
export async function everything(store: Store): Promise<unknown> {
  const streams = await Promise.all(ids.map((each) => store.select(each, { as: 'bytes' })))
  const snapshots = await Promise.all(
    ids.flatMap((each) => Array.from({ length: 10 }, (_, at) => store.snapshot(each, at, 'bytes'))),
  )
  const found = await Promise.all(
    ['dog:fido', 'Ä', '\uffee'].map((tag) =>
      store.read([{ tags: [tag] }, { topics: ['Ä'], tags: ['🐕'] }], { as: 'bytes' }),
    ),
  )
  const views = await Promise.all(names.map(async (each) => [await store.viewState(each), await store.viewRows(each)]))
  return {
    log: await store.logId(),
    events: await store.notifications({ tagged: true, as: 'bytes' }),
    streams,
    snapshots,
    found,
    tracked: await Promise.all(names.map((each) => store.maxTrackingId(each))),
    views,
    newest: await store.maxNotificationId(),
  }
}

/** Something that a move does with one of the stores: what it calls, before and after. */
export type Step = (side: 'from' | 'to', name: keyof MovingStore, isAfter: boolean) => unknown

/** Moves one store to another, and closes both. With `step`, it reads and puts few rows at a time. */
export async function moved(from: Store, to: Store, step?: Step, options?: MoveOptions): Promise<Moved> {
  try {
    return await (step ? move(inSteps(from, step), inSteps(to, step), options) : move(from, to, options))
  } finally {
    await Promise.all([from.close(), to.close()])
  }
}

/** Opens a store, and closes it. */
export async function within<R extends Recorder, T>(store: R, work: (store: R) => Promise<T>): Promise<T> {
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

export function inSteps(store: Movable, step: Step): Movable {
  return {
    async moving(direction) {
      const opened = await store.moving(direction)
      const call = async <T>(name: keyof MovingStore, work: () => Promise<T>): Promise<T> => {
        await step(direction, name, false)
        const result = await work()
        await step(direction, name, true)
        return result
      }
      return {
        name: opened.name,
        log: () => call('log', () => opened.log()),
        last: () => call('last', () => opened.last()),
        given: () => call('given', () => opened.given()),
        newest: () => call('newest', () => opened.newest()),
        page: (part, after) => call('page', () => opened.page(part, after, 2)),
        begin: (logId) => call('begin', () => opened.begin(logId)),
        put: (part, rows) => call('put', () => opened.put(part, rows)),
        clear: () => call('clear', () => opened.clear()),
        finish: (last) => call('finish', () => opened.finish(last)),
        close: () => opened.close(),
      }
    },
  }
}
