/** This library, on each of its stores. */
import { join } from 'node:path'
import type { Recorder } from 'dog-school'
import { data, type Group, type Peer, type Store } from './peer'

/** What is built is loaded where it is measured how long that takes: whoever has installed it compiles nothing. */
const folder = join(__dirname, '../../..', process.env.DOG_SCHOOL_BUILT ? 'dist/cjs' : 'src')
const loaded = <T>(name: string): T => require(join(folder, name))

function storeOf(recorder: Recorder): Store {
  const application = () => {
    const { Application } = loaded<typeof import('dog-school')>('index')
    const { CountingDog } = require('../dogs') as typeof import('../dogs')
    return { kennel: new Application(recorder, { name: 'kennel', aggregates: [CountingDog] }), CountingDog }
  }
  let made: ReturnType<typeof application> | undefined
  return {
    append: (events) => recorder.append(events),
    read: async (id) => (await recorder.select(id)).map((event) => ({ ...event, state: data(event) })),
    async command(id) {
      made ??= application()
      const dog = await made.kennel.repository.get(made.CountingDog, id)
      dog.addTrick(`trick ${dog.tricks}`)
      await made.kennel.save(dog)
    },
    async follow(count) {
      made ??= application()
      let read = 0
      for await (const _ of made.kennel.follow()) if (++read === count) break
      return read
    },
    async condition() {
      const after = await recorder.maxNotificationId()
      return async (event, tag) => {
        const failIfEventsMatch = [{ tags: [tag] }]
        const appending = recorder.append([{ ...event, tags: [tag] }], { failIfEventsMatch, after })
        return appending.then(
          () => true,
          (error) => {
            if (error.code !== 'BOUNDARY_CONFLICT') throw error
            return false
          },
        )
      }
    },
    close: async () => recorder.close(),
  }
}

const on = (group: Group, recorderAt: (at: string) => Recorder & { open?(): Promise<unknown> }): Peer => ({
  name: 'this library',
  group,
  packages: [],
  async open(at) {
    const recorder = recorderAt(at)
    await recorder.open?.()
    return storeOf(recorder)
  },
})

export const onPostgres = on('durable on PostgreSQL', (at) =>
  loaded<typeof import('../../../src/recorders/postgres')>('recorders/postgres').postgres(at),
)
export const inFile = on('durable in a file', (at) =>
  loaded<typeof import('../../../src/recorders/sqlite')>('recorders/sqlite').sqlite(at),
)
export const inMemory = on('in memory', () => new (loaded<typeof import('dog-school')>('index').MemoryRecorder)())
