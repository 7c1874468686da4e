/** Act, on PostgreSQL. Its newest versions need Node.js 22. */
import type { StoredEvent } from 'dog-school'
import { install } from './install'
import { data, PAGE, type Peer, paged } from './peer'

/** How it calls its snapshots, which are events of the same stream. */
const SNAPSHOT = '__snapshot__'

export const act: Peer = {
  name: 'Act 0.4.2',
  group: 'durable on PostgreSQL',
  packages: ['@rotorsoft/act-pg@0.4.2', '@rotorsoft/act@0.5.3'],
  async open(at) {
    const load = (await install(this.packages)) as NodeJS.Require & { folder: string }
    const here = process.cwd()
    process.chdir(load.folder)
    // Otherwise it writes a line about each event.
    process.env.LOG_LEVEL ??= 'error'
    const { PostgresStore } = load('@rotorsoft/act-pg')
    const { act: application, state, store: use } = load('@rotorsoft/act')
    process.chdir(here)
    const { z } = load('zod')
    const { hostname: host, port, username: user, password, pathname } = new URL(at)
    const database = pathname.slice(1)
    const store = new PostgresStore({ host, port: Number(port || 5432), user, password, database, schema: 'act' })
    await store.seed()
    use(store)
    const dog = state('Dog', z.object({ tricks: z.number() }))
      .init(() => ({ tricks: 0 }))
      .emits({ 'kennel:Dog.Registered': z.any(), 'kennel:Dog.TrickAdded': z.any() })
      .patch({
        'kennel:Dog.Registered': () => ({}),
        'kennel:Dog.TrickAdded': (_: unknown, { tricks }: { tricks: number }) => ({ tricks: tricks + 1 }),
      })
      .on('addTrick', z.object({}))
      .emit((_: unknown, { tricks }: { tricks: number }) => ['kennel:Dog.TrickAdded', { trick: `trick ${tricks}` }])
      .snap(({ patches }: { patches: number }) => patches >= 100)
      .build()
    const kennel = application().with(dog).build()
    const actor = { id: 'bench', name: 'bench' }
    return {
      append: (events) => {
        const [{ aggregateId, version }] = events as [StoredEvent]
        const messages = events.map((event) => ({ name: event.topic, data: data(event) }))
        // Its versions begin with 0.
        const expected = version === 1 ? undefined : version - 2
        return store.commit(aggregateId, messages, { correlation: 'bench', causation: {} }, expected)
      },
      read: async (id) => {
        const events: { name: string }[] = []
        await store.query((event: { name: string }) => events.push(event), { stream: id })
        return events.filter(({ name }) => name !== SNAPSHOT)
      },
      async command(id) {
        for (let tries = 1; ; tries++)
          try {
            return await kennel.do('addTrick', { stream: id, actor }, {})
          } catch (error) {
            // It answers before it has recorded a snapshot, which takes a version of the stream: the next command may be in its way.
            if (tries === 10) throw error
          }
      },
      follow: (count) =>
        paged<number>(count, async (after = -1) => {
          let last = after
          const found = await store.query(({ id }: { id: number }) => (last = id), { after, limit: PAGE })
          return [found, last]
        }),
      cannot: { condition: 'it has no condition of an append besides the version of one stream' },
      close: () => store.dispose(),
    }
  },
}
