/**
 * Followers miss nothing on a PostgreSQL server, whoever writes and however long transactions stay open.
 *
 * Each clause is one that stores of others have broken; a recorder that is broken in the same way fails it here, too.
 */
import * as fc from 'fast-check'
import { Client } from 'pg'
import t from 'tap'
import type { Recorder } from '../../src/port/recorder'
import type { PostgresRecorder } from '../../src/recorders/postgres'
import { row } from '../../src/testing/contract/rows'
import { type Database, database, skip, sql } from './postgres-server'

/** A follower that remembers the last position, and what it has seen. */
class Follower {
  readonly seen: string[] = []
  #position = 0
  readonly #store: Pick<Recorder, 'notifications'>

  constructor(store: Pick<Recorder, 'notifications'>) {
    this.#store = store
  }

  async look(): Promise<readonly string[]> {
    for (const { id, aggregateId, version } of await this.#store.notifications({ start: this.#position + 1 })) {
      this.seen.push(`${aggregateId} ${version}`)
      this.#position = id
    }
    return this.seen
  }
}

/** Somebody else's transaction. */
class Transaction {
  readonly #client: Client
  constructor(url: string) {
    this.#client = new Client({ connectionString: url })
    this.#client.on('error', () => {})
  }
  async begin(): Promise<this> {
    await this.#client.connect()
    await this.#client.query('BEGIN')
    return this
  }
  async insert(id: string, version = 1): Promise<void> {
    await this.#client.query(
      `INSERT INTO stored_events (originator_id, originator_version, topic, state) VALUES ($1, $2, 'kennel:Dog.Registered', '{}')`,
      [id, version],
    )
  }
  async run(statement: string): Promise<unknown> {
    return (await this.#client.query(statement)).rows[0]
  }
  async end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    await this.#client.query(how)
    await this.#client.end()
  }
}

interface World {
  readonly url: string
  readonly store: PostgresRecorder
  readonly follower: Follower
}

type Clause = (world: World) => Promise<boolean>

/** True if the promise is kept. */
const clauses: Readonly<Record<string, Clause>> = {
  'what commits later, at an earlier position, is not missed': async ({ url, store, follower }) => {
    const slow = await new Transaction(url).begin()
    await slow.insert('slow')
    await store.append([row('quick', 1)])
    const before = [...(await follower.look())]
    await slow.end('COMMIT')
    const after = await follower.look()
    return before.length === 0 && after.join() === 'slow 1,quick 1'
  },

  'a hole that a rollback leaves holds nobody up': async ({ url, store, follower }) => {
    const gone = await new Transaction(url).begin()
    await gone.insert('gone')
    await gone.end('ROLLBACK')
    await store.append([row('fido', 1)])
    return (await follower.look()).join() === 'fido 1'
  },

  'a transaction that stays open holds nobody up, if it inserts no events': async ({ url, store, follower }) => {
    const open = await new Transaction(url).begin()
    await open.run('CREATE TEMPORARY TABLE lunch (at int)')
    await open.run('SELECT pg_current_xact_id(), (SELECT count(*) FROM stored_events)')
    await store.append([row('fido', 1)])
    const seen = [...(await follower.look())]
    await open.end('ROLLBACK')
    return seen.join() === 'fido 1'
  },

  'one that has inserted an event holds nobody up before that event, and no writer': async ({
    url,
    store,
    follower,
  }) => {
    await store.append([row('fido', 1)])
    const open = await new Transaction(url).begin()
    await open.insert('open')
    await store.append([row('fido', 2)])
    await store.append([row('rex', 1)])
    const seen = [...(await follower.look())]
    await open.end('COMMIT')
    return seen.join() === 'fido 1' && (await follower.look()).join() === 'fido 1,open 1,fido 2,rex 1'
  },

  'an older transaction that appends later is seen later': async ({ url, store, follower }) => {
    const old = await new Transaction(url).begin()
    await old.run('SELECT pg_current_xact_id()')
    await store.append([row('fido', 1)])
    await follower.look()
    await old.insert('fido', 2)
    await old.end('COMMIT')
    return (await follower.look()).join() === 'fido 1,fido 2'
  },

  'a writer that is killed in the middle holds nobody up': async ({ url, store, follower }) => {
    const killed = await new Transaction(url).begin()
    await killed.insert('killed')
    const { pid } = (await killed.run('SELECT pg_backend_pid() AS pid')) as { pid: number }
    await sql(url, `SELECT pg_terminate_backend(${pid}, 10000)`)
    await store.append([row('fido', 1)])
    return (await follower.look()).join() === 'fido 1'
  },

  'positions that the sequence has skipped hold nobody up': async ({ url, store, follower }) => {
    await sql(url, "SELECT setval('stored_events_notification_id_seq', 100)")
    await store.append([row('fido', 1)])
    return (await follower.look()).join() === 'fido 1'
  },
}

/** SQL that makes a store as wrong as one of others was, and the clauses that show it. */
const broken: Readonly<Record<string, readonly [change: string, shown: readonly string[]]>> = {
  'the newest position is taken for final': [
    final('(SELECT coalesce(max(notification_id), 0) FROM stored_events)'),
    [
      'what commits later, at an earlier position, is not missed',
      'one that has inserted an event holds nobody up before that event, and no writer',
    ],
  ],
  'others may insert without the lock': [
    'DROP TRIGGER stored_lock ON stored_events',
    ['what commits later, at an earlier position, is not missed'],
  ],
  'a reader stops at each hole': [
    final(`(SELECT coalesce(max(notification_id), 0) FROM (
      SELECT notification_id, row_number() OVER (ORDER BY notification_id) AS place FROM stored_events) AS its WHERE notification_id = place)`),
    [
      'a hole that a rollback leaves holds nobody up',
      'positions that the sequence has skipped hold nobody up',
      'a writer that is killed in the middle holds nobody up',
    ],
  ],
  'a reader waits for every open transaction': [
    final(
      `(SELECT coalesce(max(notification_id), 0) FROM stored_events WHERE xmin::text::bigint < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)`,
    ),
    ['a transaction that stays open holds nobody up, if it inserts no events'],
  ],
}

function final(value: string): string {
  return `CREATE OR REPLACE FUNCTION stored_final() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN ${value}; END $$`
}

async function kept(clause: Clause, { url, empty }: Database): Promise<boolean> {
  const store = await empty()
  try {
    return await clause({ url, store, follower: new Follower(store) })
  } finally {
    await store.close()
  }
}

t.test('what followers are promised', { skip }, async (t) => {
  const own = await database(t)
  for (const [name, clause] of Object.entries(clauses)) t.ok(await kept(clause, own), name)
})

t.test('a store that is broken in the way of others breaks a promise', { skip }, async (t) => {
  for (const [name, [change, shown]] of Object.entries(broken)) {
    const own = await database(t)
    await (await own.empty()).close()
    await sql(own.url, change)
    for (const each of shown) t.notOk(await kept(clauses[each] as Clause, own), `${name}: ${each}`)
  }
})

t.test('whatever transactions do, a follower sees each event once, in the order of positions', { skip }, async (t) => {
  const own = await database(t)
  const step = fc.oneof(
    fc.record({ do: fc.constant('begin' as const), who: fc.nat(3) }),
    fc.record({ do: fc.constant('commit' as const), who: fc.nat(3) }),
    fc.record({ do: fc.constant('rollback' as const), who: fc.nat(3) }),
    fc.record({ do: fc.constant('append' as const), who: fc.nat(3) }),
    fc.record({ do: fc.constant('look' as const), who: fc.nat(3) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const store = await own.empty()
      const follower = new Follower(store)
      const open = new Map<number, Transaction>()
      let made = 0
      try {
        for (const { do: what, who } of steps) {
          if (what === 'append') await store.append([row(`d${++made}`, 1)])
          else if (what === 'look') await follower.look()
          else if (what === 'begin' && !open.has(who)) {
            const transaction = await new Transaction(own.url).begin()
            open.set(who, transaction)
            await transaction.insert(`d${++made}`)
          } else if (what !== 'begin') {
            await open.get(who)?.end(what === 'commit' ? 'COMMIT' : 'ROLLBACK')
            open.delete(who)
          }
        }
        for (const transaction of open.values()) await transaction.end('COMMIT')
        const there = await store.notifications()
        t.strictSame(
          await follower.look(),
          there.map(({ aggregateId, version }) => `${aggregateId} ${version}`),
        )
      } finally {
        await store.close()
      }
    }),
    { numRuns: process.env.DOG_SCHOOL_LONG === '1' ? 300 : 10 },
  )
})
