/**
 * Followers miss nothing on a PostgreSQL server, whoever writes and however long transactions stay open.
 *
 * Each clause is one that stores of others have broken; a recorder that is broken in the same way fails it here, too.
 */
import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import t from 'tap'
import { type PostgresRecorder, postgres } from '../../src/recorders/postgres'
import { everything } from '../../src/testing/contract/everything'
import { row } from '../../src/testing/contract/rows'
import { cannotDump, withRestored } from './dump'
import { type Database, database, skip, sql } from './postgres-server'
import { Follower, type Log, Transaction } from './transactions'

interface World {
  readonly url: string
  readonly store: PostgresRecorder
  readonly follower: Follower
  /** What followers read of a store. */
  readonly log: (url: string, store: PostgresRecorder) => Log
}

const dumped = 'a dump that is restored has everything, and followers go on in it where they were'

const locked = 'who waits for the table, which the Python library locks, holds no other lock that it may need'

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

  'whoever comes anew sees as far as others did, whatever holes there are': async ({ url, store }) => {
    const gone = await new Transaction(url).begin()
    await gone.insert('gone')
    await gone.end('ROLLBACK')
    await store.append([row('fido', 1)])
    const seen = await store.maxNotificationId()
    const [open, last] = [await new Transaction(url).begin(), await new Transaction(url).begin()]
    await open.insert('open')
    await store.append([row('fido', 2)])
    await last.insert('last')
    const anew = postgres(url)
    const found = await anew.maxNotificationId()
    await anew.close()
    await open.end('COMMIT')
    await last.end('COMMIT')
    return found === seen
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

  'a writer of ours that is killed between lock and commit holds nobody up, and records once': async ({
    url,
    store,
    follower,
  }) => {
    const other = await new Transaction(url).begin()
    await other.insert('fido')
    const recorded = store.append([row('rex', 1), row('fido', 1)])
    await killWaiting(url)
    await other.end('ROLLBACK')
    await recorded
    await store.append([row('luna', 1)])
    return (await follower.look()).join() === 'rex 1,fido 1,luna 1'
  },

  [locked]: async ({ url, store, follower }) => {
    const waiting = "SELECT FROM pg_locks WHERE relation = 'stored_events'::regclass AND NOT granted"
    const held = `SELECT FROM pg_locks JOIN pg_database AS its ON database = its.oid
      WHERE locktype = 'advisory' AND datname = current_database()`
    let holds = 0
    for (const [at, rows] of [[row('rex', 1)], [row('ace', 1), row('max', 1)]].entries()) {
      const python = await new Transaction(url).begin()
      await python.run('LOCK TABLE stored_events IN EXCLUSIVE MODE')
      const recorded = store.append(rows)
      while ((await sql(url, waiting)).length === 0);
      holds += (await sql(url, held)).length
      await python.insert(`python${at}`)
      await python.end('COMMIT')
      await recorded
    }
    return holds === 0 && (await follower.look()).join() === 'python0 1,rex 1,python1 1,ace 1,max 1'
  },

  'positions that the sequence has skipped hold nobody up': async ({ url, store, follower }) => {
    await sql(url, "SELECT setval('stored_events_notification_id_seq', 100)")
    await store.append([row('fido', 1)])
    return (await follower.look()).join() === 'fido 1'
  },

  [dumped]: async ({ url, store, follower, log }) => {
    await store.append([row('fido', 1), row('rex', 1)])
    const gone = await new Transaction(url).begin()
    await gone.insert('gone')
    await gone.end('ROLLBACK')
    const [last] = await store.append([row('rex', 2)], { tracking: { applicationName: 'kennel', notificationId: 7 } })
    const before = (await follower.look()).join()
    return withRestored(url, async (copy) => {
      const again = postgres(copy)
      try {
        const isSame = isDeepStrictEqual(await everything(again), await everything(store))
        const [next] = await again.append([row('fido', 2)])
        follower.moveTo(log(copy, again))
        const after = (await follower.look()).join()
        return isSame && next! > last! && before === 'fido 1,rex 1,rex 2' && after === `${before},fido 2`
      } finally {
        await again.close()
      }
    })
  },
}

/** Ends the connection that waits for another transaction, as soon as one does. */
async function killWaiting(url: string): Promise<void> {
  const kill = `SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
    WHERE locktype = 'transactionid' AND NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`
  while ((await sql(url, kill)).length === 0);
}

/** What makes a store, or its followers, as wrong as those of others were, and the clauses that show it. */
interface Broken {
  readonly change?: string
  readonly log?: World['log']
  readonly shown: readonly string[]
}

/** A store that finds its functions in the schema, under whatever names, does not make them again. */
const intact = `DO $$ DECLARE its record; BEGIN
  FOR its IN SELECT oid, proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'stored_%' LOOP
    EXECUTE replace(pg_get_functiondef(its.oid), 'FUNCTION public.' || its.proname || '(', 'FUNCTION public.intact_' || its.proname || '(');
  END LOOP;
END $$`

const broken: Readonly<Record<string, Broken>> = {
  'the newest position is taken for final': {
    change: final('(SELECT coalesce(max(notification_id), 0) FROM stored_events)'),
    shown: [
      'what commits later, at an earlier position, is not missed',
      'one that has inserted an event holds nobody up before that event, and no writer',
    ],
  },
  'others may insert without the lock': {
    change: 'DROP TRIGGER stored_lock ON stored_events',
    shown: ['what commits later, at an earlier position, is not missed'],
  },
  'a reader stops at each hole': {
    change: final(`(SELECT coalesce(max(notification_id), 0) FROM (
      SELECT notification_id, row_number() OVER (ORDER BY notification_id) AS place FROM stored_events) AS its WHERE notification_id = place)`),
    shown: [
      'a hole that a rollback leaves holds nobody up',
      'positions that the sequence has skipped hold nobody up',
      'a writer that is killed in the middle holds nobody up',
      'a writer of ours that is killed between lock and commit holds nobody up, and records once',
    ],
  },
  'a reader stops at the first hole when somebody is under way': {
    change: `CREATE OR REPLACE FUNCTION stored_before_others() RETURNS bigint LANGUAGE sql AS $$
      SELECT coalesce(max(notification_id), 0) FROM (
        SELECT notification_id, row_number() OVER (ORDER BY notification_id) AS place FROM stored_events) AS its WHERE notification_id = place $$`,
    shown: ['whoever comes anew sees as far as others did, whatever holes there are'],
  },
  'whoever is under way does not say so': {
    change: `CREATE OR REPLACE FUNCTION stored_under_way() RETURNS void LANGUAGE sql AS $$
      SELECT pg_advisory_xact_lock_shared(${0x646f67}, 'stored_events'::regclass::oid::int) $$`,
    shown: ['one that has inserted an event holds nobody up before that event, and no writer'],
  },
  'a reader waits for every open transaction': {
    change: final(
      `(SELECT coalesce(max(notification_id), 0) FROM stored_events WHERE xmin::text::bigint < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)`,
    ),
    shown: ['a transaction that stays open holds nobody up, if it inserts no events'],
  },
  'a writer takes the lock of the log before that of the table': {
    change: `DO $$ BEGIN EXECUTE replace(pg_get_functiondef('stored_append'::regproc), 'LOCK TABLE', '-- LOCK TABLE'); END $$`,
    shown: [locked],
  },
  'a follower reads in the order of transactions': {
    log: byTransaction,
    shown: ['an older transaction that appends later is seen later', dumped],
  },
}

function final(value: string): string {
  return `CREATE OR REPLACE FUNCTION stored_final() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN ${value}; END $$`
}

/** A position is the number of a transaction, and a place in it. No transaction is open any more that has a smaller number. */
function byTransaction(url: string): Log {
  const position = 'xmin::text::bigint * 1000000 + notification_id'
  return {
    async notifications({ start = 1 } = {}) {
      const found = await sql(
        url,
        `SELECT ${position} AS id, originator_id, originator_version FROM stored_events
         WHERE xmin::text::bigint < pg_snapshot_xmin(pg_current_snapshot())::text::bigint AND ${position} >= ${start} ORDER BY 1`,
      )
      return found.map((its) => ({
        ...row(String(its.originator_id), Number(its.originator_version)),
        id: Number(its.id),
      }))
    },
  }
}

async function kept(
  clause: Clause,
  { url, empty }: Database,
  log: World['log'] = (_, store) => store,
): Promise<boolean> {
  const store = await empty()
  try {
    return await clause({ url, store, log, follower: new Follower(log(url, store)) })
  } finally {
    await store.close()
  }
}

t.test('what followers are promised', { skip }, async (t) => {
  const own = await database(t)
  const unable = cannotDump(own.url)
  for (const [name, clause] of Object.entries(clauses))
    await t.test(name, { skip: name === dumped && unable }, async (t) => t.ok(await kept(clause, own)))
  for (const [name, { change = '', log, shown }] of Object.entries(broken)) {
    await (await own.empty()).close()
    await sql(own.url, intact, change)
    for (const each of shown)
      if (each !== dumped || !unable) t.notOk(await kept(clauses[each] as Clause, own, log), `${name}: ${each}`)
    // A store whose log has no id is made again.
    await sql(own.url, 'DELETE FROM stored_log')
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
    { numRuns: process.env.DOG_SCHOOL_LONG === '1' ? 300 : 6 },
  )
})
