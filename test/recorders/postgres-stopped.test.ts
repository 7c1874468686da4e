/** What is acknowledged is recorded, and once, although the server stops, crashes and starts in the middle of everything. */
import * as fc from 'fast-check'
import t from 'tap'
import type { StoredEvent } from '../../src/port/recorder'
import { postgres } from '../../src/recorders/postgres'
import { row } from '../../src/testing/contract/rows'
import { Cluster, type Stop, skipCluster } from './postgres-cluster'
import { patiently } from './postgres-server'

const isLong = process.env.DOG_SCHOOL_LONG === '1'

/** An event with the next version, so that one that is recorded twice is there twice. */
const next = (id: string, state = '{}'): StoredEvent => ({ ...row(id, 2, state), version: 0 })

class Waiter {
  #call = () => {}
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#call = resolve
    })
  }
  call(): void {
    this.#call()
  }
}

/** A server, the process of which ends and starts in the middle of everything. */
const ends: Readonly<Record<string, (cluster: Cluster) => Promise<void>>> = {
  fast: (cluster) => restart(cluster, 'fast'),
  immediate: (cluster) => restart(cluster, 'immediate'),
  killed: (cluster) => restart(cluster, 'kill'),
  async 'a session crashes, and takes all others with it'(cluster) {
    const [session] = await whenThere(() =>
      cluster.sql(
        "SELECT pid FROM pg_stat_activity WHERE query LIKE '%stored_append%' AND pid <> pg_backend_pid() LIMIT 1",
      ),
    )
    if (session) process.kill(Number(session.pid), 'SIGKILL')
  },
}

/** After a crash, a server that recovers refuses whoever comes. */
async function whenThere<T>(ask: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await ask()
    } catch (error) {
      if ((error as { code?: string }).code !== '57P03') throw error
    }
}

async function restart(cluster: Cluster, how: Stop): Promise<void> {
  await cluster.stop(how)
  await cluster.start()
}

t.test('a server that stops and starts again under 16 writers', { skip: skipCluster }, async (t) => {
  const cluster = await Cluster.start(t)
  const seed = Number(process.env.DOG_SCHOOL_SEED ?? Math.floor(Math.random() * 1e9))
  const step = fc.record({ after: fc.integer({ min: 1, max: 300 }), how: fc.constantFrom(...Object.keys(ends)) })
  const steps = fc.sample(step, { seed, numRuns: isLong ? 40 : 2 })
  const store = postgres(cluster.url())
  t.teardown(() => store.close())
  await store.open()

  const acknowledged: number[] = []
  let isOver = false
  const reached = new Waiter()
  const writers = Array.from({ length: 16 }, async (_, writer) => {
    for (let each = 1; !isOver; each++) {
      const [position] = await store.append([next(`writer-${writer}`, `{"each":${each}}`)])
      acknowledged.push(position!)
      reached.call()
    }
  })
  const seen: number[] = []
  const follower = (async () => {
    for (let isLast = false; !isLast; ) {
      isLast = isOver
      if (isLast) await Promise.all(writers)
      for (const { id } of await store.notifications({ start: (seen.at(-1) ?? 0) + 1 })) seen.push(id)
    }
  })()
  for (const { after, how } of steps) {
    for (const many = acknowledged.length + after; acknowledged.length < many; ) await reached.next()
    await ends[how]!(cluster)
  }
  isOver = true
  await Promise.all([...writers, follower])

  const recorded = await store.notifications()
  const name = `seed ${seed}: ${steps.map(({ after, how }) => `${how} after ${after}`).join(', ')}`
  const byPosition = (a: number, b: number) => a - b
  t.strictSame(
    acknowledged.sort(byPosition),
    recorded.map(({ id }) => id),
    `${name}: what is acknowledged is recorded, and nothing else`,
  )
  t.strictSame(seen, acknowledged, `${name}: and a follower has seen it, once, in order`)
  const inOrder = recorded.every(({ version, state }) => state === `{"each":${version}}`)
  t.ok(inOrder, `${name}: and each writer's, once, in the order of its calls`)
})

t.test('a server that stays away', { skip: skipCluster }, async (t) => {
  const cluster = await Cluster.start(t)
  const store = postgres(cluster.url(), { patience: 100 })
  t.teardown(() => store.close())
  await patiently(() => store.open())
  let isAway = false
  const reached = new Waiter()
  const outcomes = new Map<string, string>()
  const writers = Array.from({ length: 16 }, async () => {
    while (!isAway) {
      const id = `dog-${outcomes.size}-${crypto.randomUUID()}`
      outcomes.set(
        id,
        await store.append([next(id)]).then(
          () => 'RECORDED',
          (error) => error.code,
        ),
      )
      reached.call()
    }
  })
  while (outcomes.size < 50) await reached.next()
  await cluster.stop('immediate')
  isAway = true
  await Promise.all(writers)
  await t.rejects(store.append([next('away')]), {
    code: 'DATABASE_UNAVAILABLE',
    message: /cannot be reached.*Start the server/,
  })
  await t.rejects(store.select('away'), { code: 'DATABASE_UNAVAILABLE' })

  await cluster.start()
  const again = postgres(cluster.url())
  t.teardown(() => again.close())
  const there = new Set((await again.notifications()).map(({ aggregateId }) => aggregateId))
  const promised = { RECORDED: [true], DATABASE_UNAVAILABLE: [false], OUTCOME_UNKNOWN: [true, false] } as const
  const broken = [...outcomes].filter(
    ([id, said]) => !(promised[said as 'RECORDED'] as readonly boolean[])?.includes(there.has(id)),
  )
  t.strictSame(broken, [], 'what was said of each append is true')
})
