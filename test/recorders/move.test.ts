import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { postgres } from 'dog-school/postgres'
import { sqlite } from 'dog-school/sqlite'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { main } from '../../src/cli/move'
import type { MoveProgress } from '../../src/moving'
import { Pages } from '../../src/recorders/sqlite/pages'
import { cleanEnvironment, shortLived } from '../clean-environment'
import { everything, happenings, moved, type Step, type Store, some, within } from './moving-logs'
import { database, skip, sql } from './postgres-server'

// Of processes and servers: on a busy machine that takes its time.
t.setTimeout(900_000)
const isLong = process.env.DOG_SCHOOL_LONG === '1'
const event = (aggregateId: string, version = 1) => ({ aggregateId, version, topic: 'A', state: '{}' })
const read = (store: Store) => within(store, everything)
/** The position that the next event gets. */
const next = (store: Store) => within(store, (its) => its.append([{ ...event('f'.repeat(32)), version: 0 }]))

const pythonFile = join(__dirname, '..', 'fixtures', 'python-dog-school.db')

/** A move to this file has begun. */
const isMarked = (file: string) => readFileSync(file).includes('moving:')

/** A file in which these things have happened. */
async function fileOf(file: string, happened = some): Promise<string> {
  await within(sqlite(file), async (store) => {
    // Without this, an empty store would have no file.
    await store.query('PRAGMA user_version = 0', { write: true })
    for (const each of happened) await each(store)
  })
  return file
}

/** Moves by way of these stores, and compares what can be read of each. */
async function compared(t: Test, stores: readonly (() => Store)[]): Promise<void> {
  const before = await read(stores[0]!())
  for (const [at, open] of stores.slice(1).entries()) {
    await moved(stores[at]!(), open())
    t.strictSame(await read(open()), before, `move ${at + 1}`)
  }
}

t.test('from file to file, everything is as it was', async (t) => {
  const folder = t.testdir()
  let run = 0
  await fc.assert(
    fc.asyncProperty(happenings, async (happened) => {
      const [from, to] = [`${folder}/from${++run}.db`, `${folder}/to${run}.db`]
      await fileOf(from, happened)
      await compared(t, [() => sqlite(from), () => sqlite(to)])
      t.strictSame(await next(sqlite(to)), await next(sqlite(from)), 'no position is used twice')
      if (!t.passing()) throw new Error('It is not as it was')
    }),
    { numRuns: isLong ? 1_000 : 6 },
  )
})

t.test('a move that fails at any step goes on when it is run again', async (t) => {
  const folder = t.testdir()
  const from = await fileOf(`${folder}/from.db`)
  const before = await read(sqlite(from))
  const to = `${folder}/to.db`
  let [isOver, tries] = [false, 0]
  for (let steps = 1; !isOver; steps += isLong ? 1 : 15) {
    let left = steps
    const step: Step = () => {
      if (--left === 0) throw new Error('it fails')
    }
    tries++
    const fault = await moved(sqlite(from), sqlite(to), step).then(
      () => undefined,
      ({ message }) => message,
    )
    isOver = fault === undefined
    if (!isOver) t.equal(fault, 'it fails')
    if (!isOver && existsSync(to) && isMarked(to))
      await t.rejects(read(sqlite(to)), { code: 'MOVE', message: /run the same move again/ }, 'nobody else opens it')
  }
  t.ok(tries > 3, `${tries} times`)
  t.strictSame(await read(sqlite(to)), before)
})

/** Runs a move that ends itself with SIGKILL at this step; returns what ended it. */
function killed(from: string, to: string, step: number): Promise<unknown> {
  const [runner, mover] = ['run.cjs', 'mover.ts'].map((name) => join(__dirname, 'crash', name)) as [string, string]
  const child = spawn(process.execPath, [shortLived, runner, mover, from, to, String(step)], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)))
}

/** Kills moves to new stores, each at another step, and runs them again. @param short how many of them in the short form */
async function killing(
  t: Test,
  from: string,
  open: (address: string) => Store,
  fresh: () => Promise<string>,
  short: number,
) {
  const before = await read(sqlite(from))
  let steps = 0
  await moved(sqlite(from), open(await fresh()), () => steps++)
  t.ok(steps > 60, `there are ${steps} steps`)
  const every = isLong ? 1 : Math.ceil(steps / (short + 1))
  for (let step = every; step < steps; step += every) {
    const to = await fresh()
    t.equal(await killed(from, to, step), 'SIGKILL', `step ${step}`)
    await moved(sqlite(from), open(to))
    t.strictSame(await read(open(to)), before, `step ${step}`)
  }
}

t.test('a move that is killed goes on when it is run again', async (t) => {
  const folder = t.testdir()
  let made = 0
  await killing(t, await fileOf(`${folder}/from.db`), sqlite, async () => `${folder}/to${++made}.db`, 2)
})

t.test('a file of Python has an id of its log before it is moved', async (t) => {
  const folder = t.testdir()
  const [from, to] = [`${folder}/from.db`, `${folder}/to.db`]
  copyFileSync(pythonFile, from)
  const fail: Step = (side, name) => {
    if (side === 'to' && name === 'clear') throw new Error('it fails')
  }
  await t.rejects(moved(sqlite(from), sqlite(to), fail), { message: 'it fails' })
  t.match(await moved(sqlite(from), sqlite(to)), { before: 9, events: 9 }, 'it goes on')
  t.strictSame(await read(sqlite(to)), await read(sqlite(from)))
})

t.test('a database that grows is not copied in memory', async (t) => {
  const folder = t.testdir()
  const large = { topic: 'A', state: new Uint8Array(4_000_001) }
  await within(sqlite(`${folder}/from.db`), async (store) => {
    for (let version = 1; version <= 18; version++) await store.append([{ ...event('fido', version), ...large }])
  })
  const copies = t.capture(Pages, 'of', Pages.of)
  const told: MoveProgress[] = []
  const sizes = new Set<number>()
  const onProgress = (progress: MoveProgress) => {
    told.push(progress)
    sizes.add(statSync(`${folder}/to.db`).size)
  }
  t.match(await moved(sqlite(`${folder}/from.db`), sqlite(`${folder}/to.db`), undefined, { onProgress }), {
    events: 18,
  })
  t.strictSame(
    told,
    Array.from({ length: 18 }, (_, at) => ({ step: 'copying', part: 'events', done: at + 1, of: 18 })),
    'one after the other',
  )
  t.match(
    [...sizes].map((size) => Math.round(size / 1e6)),
    [0, 36, 72],
    'it is written when it has grown much',
  )
  t.equal(copies().length, 1, 'only the empty one was')
})

t.test('while it compares, it tells how far it is, and can be ended', async (t) => {
  const folder = t.testdir()
  const from = await fileOf(`${folder}/from.db`, [
    (store) => store.append(Array.from({ length: 10_000 }, (_, at) => event('fido', at + 1))),
  ])
  const ending = new AbortController()
  const told: MoveProgress[] = []
  const onProgress = (progress: MoveProgress) => {
    told.push(progress)
    if (progress.step === 'copying' && progress.done === 10_000) ending.abort(new Error('Ctrl-C'))
  }
  const { signal } = ending
  await t.rejects(moved(sqlite(from), sqlite(`${folder}/to.db`), undefined, { onProgress, signal }), {
    message: 'Ctrl-C',
  })
  await moved(sqlite(from), sqlite(`${folder}/to.db`), undefined, { onProgress })
  t.match(told.at(-1), { step: 'comparing', part: 'events', done: 10_000, of: 10_000 })
})

t.test('the digest is of all that was compared', async (t) => {
  const folder = t.testdir()
  const states = [
    { topic: 'A', state: '{}' },
    { topic: 'B', state: '{}' },
    { topic: 'A', state: '[]' },
  ]
  const digests = states.map(async (its, at) => {
    const from = await fileOf(`${folder}/${at}.db`, [(store) => store.append([{ ...event('fido'), ...its }])])
    return (await moved(sqlite(from), sqlite(`${folder}/to${at}.db`))).sha256
  })
  t.equal(new Set(await Promise.all(digests)).size, 3)
})

t.test('what is moved to must be empty, or the beginning of the same log', async (t) => {
  const folder = t.testdir()
  const from = await fileOf(`${folder}/from.db`)
  const to = `${folder}/to.db`
  const moves = () => moved(sqlite(from), sqlite(to))

  await within(sqlite(to), (store) => store.saveSnapshot(event('rex')))
  const others = readFileSync(to)
  await t.rejects(moves(), { code: 'MOVE', message: /is not empty: it has snapshots of another log/ })
  t.strictSame(readFileSync(to), others, 'it is left as it is')

  await within(sqlite(to), (store) => store.query('DELETE FROM dog_school_snapshots', { write: true }))
  t.match(await moves(), { before: 0, events: 6, last: 9, isOld: false }, 'an empty one has no log yet')
  t.match(await moves(), { before: 8, events: 6, isOld: true }, 'nothing is new')
  await within(sqlite(from), (store) => store.append([event('rex')]))
  t.match(await moves(), { before: 8, events: 7, last: 10, isOld: false }, 'more of the same log')
  t.strictSame(await read(sqlite(to)), await read(sqlite(from)))

  await within(sqlite(to), (store) => store.append([event('buster')]))
  await t.rejects(moves(), { code: 'MOVE', message: /has an event 11 that .*from.db does not have/ })
  await within(sqlite(from), (store) => store.append([event('luna')]))
  await t.rejects(moves(), { code: 'MOVE', message: /has an event 11 that/ }, 'another one at the same position')

  await within(sqlite(to), (store) => store.query('DELETE FROM stored_events WHERE rowid = 11', { write: true }))
  await within(sqlite(to), (store) =>
    store.query(`UPDATE stored_events SET state = '{"a":1}' WHERE rowid = 4`, { write: true }),
  )
  await t.rejects(
    moves(),
    { code: 'MOVE', message: /differ \(events, 4 is not the same/ },
    'one before them is another',
  )
  await t.rejects(read(sqlite(to)), { code: 'MOVE' }, 'it does not pass for whole')
})

t.test('what cannot be moved is said', async (t) => {
  const folder = t.testdir()
  const file = await fileOf(`${folder}/from.db`)
  await t.rejects(moved(sqlite(`${folder}/no.db`), sqlite(`${folder}/to.db`)), {
    code: 'MOVE',
    message: /no database .*no.db/,
  })
  t.strictSame(readdirSync(folder), ['from.db'], 'nothing is made, and no lock is left')
  await t.rejects(moved(sqlite(file), sqlite(':memory:')), { code: 'MOVE', message: /in memory/ })
  await t.rejects(moved(sqlite(file, { readOnly: true }), sqlite(`${folder}/to.db`)), { code: 'READ_ONLY' })
  const open = sqlite(file)
  await open.open()
  await t.rejects(moved(sqlite(file), sqlite(`${folder}/to.db`)), { code: 'DATABASE_LOCKED' }, 'somebody records in it')
  await open.close()
  await t.rejects(moved(sqlite(file), sqlite(file)), { code: 'DATABASE_LOCKED' }, 'they are one')

  const ending = new AbortController()
  const step: Step = (side, name) => side === 'to' && name === 'put' && ending.abort(new Error('Ctrl-C'))
  await t.rejects(moved(sqlite(file), sqlite(`${folder}/to.db`), step, { signal: ending.signal }), {
    message: 'Ctrl-C',
  })
  await t.rejects(moved(sqlite(`${folder}/to.db`), sqlite(`${folder}/other.db`)), {
    code: 'MOVE',
    message: /only half there/,
  })
  await t.rejects(moved(sqlite(await fileOf(`${folder}/2.db`)), sqlite(`${folder}/to.db`)), {
    code: 'MOVE',
    message: /half of another log/,
  })
  t.match(await moved(sqlite(file), sqlite(`${folder}/to.db`)), { before: 3 }, 'what was put before Ctrl-C is there')
})

/** Runs `npm run move` with these arguments; returns its exit code, and what it says. */
async function command(t: Test, ...argv: readonly string[]): Promise<[number, string]> {
  const said: unknown[] = []
  for (const stream of ['log', 'error'] as const) t.capture(console, stream, (line: unknown) => said.push(line))
  const code = await main(argv)
  return [code, said.join('\n')]
}

t.test('npm run move', async (t) => {
  const folder = t.testdir()
  const [from, to] = [await fileOf(`${folder}/from.db`), `${folder}/to.db`]
  t.match(await command(t, from), [2, /takes two stores, and got 1. Usage: npm run move/])
  t.match(await command(t, '--help'), [2, /^Usage: npm run move/])
  t.match(await command(t, from, to, '--schema', 'x'), [2, /^Unknown option '--schema'\. Usage: npm run move/])
  t.match(await command(t, from, from), [2, /From and to are both/])
  t.match(await command(t, from, to, '--to-prefix', 'dogs'), [2, /is a file, which has no schema/])
  t.match(await command(t, from, 'postgres://ann:ge#heim@b/c'), [
    2,
    /'…@b\/c' is not the address of a PostgreSQL server.*%40 for @/,
  ])
  t.match(await command(t, from, 'postgres://ann:geheim@b:c'), [2, /'…@b:c' is not the address.*The port is a number/])
  for (const address of ['mysql://b/c', 'postgres:/ann@b/c'])
    t.match(await command(t, from, address), [2, /is not the address of a PostgreSQL server/], address)
  t.match(await command(t, from, ':memory:'), [1, /in memory/])
  t.match(await command(t, `${folder}/no.db`, to), [1, /no database .*no.db/])

  const heard = process.listenerCount('SIGINT')
  const ended = command(t, from, to)
  process.emit('SIGINT')
  t.match(await ended, [130, /Ended by Ctrl-C. Run it again, and it goes on: until then, use .*from.db/])
  t.equal(process.listenerCount('SIGINT'), heard)
  const [code, said] = await command(t, from, to)
  t.equal(code, 0)
  t.match(said, /^Moved .*from.db to .*to.db: 6 events up to position 9, 1 snapshot, 1 tracking, 1 view with 2 rows/)
  t.match(said, /read again on both sides, row by row, without a difference \(sha256 [0-9a-f]{64}\)/)
  t.match(said, /It is the same log: followers go on there. So record in .*to.db only from now on/)
  t.match(await command(t, from, to), [0, /nothing new to move: the 6 events of .*from.db are in .*to.db, read again/])
})

t.test('npm run move looks for files where it was called', async (t) => {
  const folder = t.testdir()
  await fileOf(`${folder}/from.db`)
  const { env } = process
  t.teardown(() => {
    process.env = env
  })
  process.env = { ...env, npm_lifecycle_event: 'move', INIT_CWD: folder }
  t.match(await command(t, 'from.db', 'to.db'), [0, /^Moved from.db to to.db: 6 events/])
  t.ok(existsSync(`${folder}/to.db`))
})

/** The tables of the Python library, by default with UUIDs. */
const pythons = (prefix: string) => [
  `CREATE TABLE ${prefix}_events (originator_id uuid NOT NULL, originator_version bigint NOT NULL, topic text, state bytea, notification_id bigserial, PRIMARY KEY (originator_id, originator_version))`,
  `CREATE TABLE ${prefix}_tracking (application_name varchar(32) NOT NULL, notification_id bigint NOT NULL, PRIMARY KEY (application_name, notification_id))`,
]

t.test('a server', { skip, timeout: 900_000 }, async (t) => {
  const { url } = await database(t)
  const folder = t.testdir()
  const from = await fileOf(`${folder}/from.db`)
  const before = await read(sqlite(from))
  let made = 0
  const prefixed = () => {
    const prefix = `p${++made}`
    return (options = {}) => postgres(url, { prefix, ...options })
  }

  t.test('everything is as it was, in tables of Python too, and back in a file', async (t) => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(happenings, async (happened) => {
        const file = await fileOf(`${folder}/run${++run}.db`, happened)
        const [to, back] = [prefixed(), `${folder}/back${run}.db`]
        await sql(url, ...pythons(`python${run}`))
        const python = () => postgres(url, { prefix: `python${run}` })
        await compared(t, [() => sqlite(file), to, python, () => sqlite(back)])
        const last = await next(sqlite(file))
        t.strictSame([await next(to()), await next(python()), await next(sqlite(back))], [last, last, last])
        if (!t.passing()) throw new Error('It is not as it was')
      }),
      { numRuns: isLong ? 100 : 1 },
    )
  })

  t.test('a position is not used twice, though its event is deleted on the server', async (t) => {
    const [source, file] = [prefixed(), `${folder}/deleted.db`]
    await within(source(), (store) => store.append([event('rex'), event('rex', 2)]))
    await sql(url, `DELETE FROM p${made}_events WHERE notification_id = 2`)
    t.match(await moved(source(), sqlite(file)), { events: 1, last: 2 })
    t.strictSame(await next(sqlite(file)), [3])

    const target = prefixed()
    await within(target(), (store) => store.append([1, 2, 3].map((version) => event('fido', version))))
    await sql(url, `DELETE FROM p${made}_events`)
    await moved(source(), target())
    t.strictSame(await next(target()), [4], 'of those that are deleted where it is moved to, neither')

    // Who may only read does not know of it, but may have a copy.
    const mover = `mover_${process.pid}`
    await sql(url, `CREATE ROLE ${mover} LOGIN`, `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${mover}`)
    t.teardown(() => sql(url, `DROP OWNED BY ${mover}`, `DROP ROLE ${mover}`))
    const reading = postgres(url.replace('postgres@', `${mover}@`), { prefix: `p${made - 1}` })
    t.match(await moved(reading, sqlite(`${folder}/read.db`)), { events: 1, last: 1 })
  })

  t.test('a file of Python, to tables of Python', async (t) => {
    const file = `${folder}/python.db`
    copyFileSync(pythonFile, file)
    await sql(url, ...pythons('dogschool'))
    const target = () => postgres(url, { prefix: 'dogschool' })
    await sql(url, "INSERT INTO dogschool_tracking VALUES ('__migration__', 1)")
    await moved(sqlite(file), target())
    t.strictSame(await read(target()), await read(sqlite(file)))
    t.match(await next(target()), [10])
    const migrations = "SELECT count(*) FROM dogschool_tracking WHERE application_name = '__migration__'"
    t.match(await sql(url, migrations), [{ count: '1' }], 'what it says of its tables stays')
  })

  t.test('a move that is killed goes on when it is run again', async (t) => {
    await killing(t, from, postgres, async () => (await database(t)).url, 1)
  })

  t.test('connections that are cut do no harm', async (t) => {
    const to = prefixed()
    let steps = 0
    const cut: Step = async (side, name) => {
      if (side === 'to' && ++steps % 5 === 0 && name !== 'close')
        await sql(
          url,
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        )
    }
    await moved(sqlite(from), to(), cut)
    t.strictSame(await read(to()), before)
  })

  t.test('of two moves to one store, the later one goes on', async (t) => {
    const to = prefixed()
    const [one, other] = [`${folder}/one.db`, `${folder}/other.db`]
    for (const file of [one, other]) copyFileSync(from, file)
    const step: Step = async (side, name, isAfter) => {
      if (side === 'to' && name === 'finish' && !isAfter) await moved(sqlite(other), to())
    }
    await moved(sqlite(one), to(), step)
    t.strictSame(await read(to()), before, 'that one has come to its end')
    t.match(
      await sql(url, `SELECT count(*) FROM p${made}_view_rows`),
      [{ count: '2' }],
      'what the first one put is gone',
    )

    const target = prefixed()
    let left = 2
    const half: Step = (side, name) => {
      if (side === 'to' && name === 'put' && --left === 0) throw new Error('half')
    }
    const meanwhile: Step = async (side, name) => {
      if (side === 'to' && name === 'clear') await moved(sqlite(other), target(), half).catch(() => {})
    }
    await t.rejects(moved(sqlite(one), target(), meanwhile), { code: 'DATABASE_LOCKED', message: /Another move/ })
    await t.rejects(read(target()), { code: 'MOVE', message: /p\d+_events of postgres.* run the same move again/ })
    await moved(sqlite(other), target())
    t.strictSame(await read(target()), before)
  })

  t.test('what is recorded meanwhile is followed up, until the source rests', async (t) => {
    const source = prefixed()
    await moved(sqlite(from), source())
    const school = source()
    let version = 0
    const recording =
      (times: number): Step =>
      async (side, name, isAfter) => {
        if (side === 'from' && name === 'last' && isAfter && version < times) {
          await school.append([event('buster', ++version)], {
            tracking: { applicationName: 'buster', notificationId: version },
          })
          await school.saveView({
            view: 'buster',
            after: version - 1,
            position: version,
            logId: await school.logId(),
            form: '',
            build: '',
            rows: [['a', `${version}`]],
          })
        }
      }
    await moved(source(), sqlite(`${folder}/followed.db`), recording(4))
    t.equal(version, 4)
    t.strictSame(await read(sqlite(`${folder}/followed.db`)), await read(source()))
    await t.rejects(moved(source(), sqlite(`${folder}/restless.db`), recording(Infinity)), {
      code: 'MOVE',
      message: /is still used: event \d+ has come. Stop the programs/,
    })
    await moved(source(), sqlite(`${folder}/restless.db`))
    t.strictSame(await read(sqlite(`${folder}/restless.db`)), await read(source()))
    await school.close()
  })

  t.test('a store is not moved to itself', async (t) => {
    const store = prefixed()
    await moved(sqlite(from), store())
    t.match(await moved(store(), store()), { isOld: true })
    const school = store()
    let isDue = true
    const step: Step = async (side, name, isAfter) => {
      if (side === 'to' && name === 'newest' && isAfter && isDue) await school.append([event('luna')])
      isDue = false
    }
    const atOnce: Step = async (side, name, isAfter) => {
      if (!(side === 'to' && name === 'newest' && isAfter)) return
      isDue = true
      await step(side, name, isAfter)
    }
    await t.rejects(moved(store(), store(), atOnce), { code: 'MOVE', message: /are one store/ })
    t.strictSame(
      await school.viewRows('dogs'),
      (before as { views: [unknown, unknown][] }).views[0]?.[1],
      'nothing is lost',
    )
    await school.close()
    t.match(await read(store()), { newest: 10 }, 'and it can be opened')
  })

  t.test('npm run move', async (t) => {
    const address = url.replace('postgres@', 'postgres:geheim@')
    t.match(address, /:geheim@/)
    const [code, said] = await command(t, from, address, '--to-schema', 'kennel')
    t.equal(code, 0)
    t.match(said, /Moved .* to postgres:\/\/.* \(kennel.stored_events\): 6 events/)
    const [refused, why] = await command(t, from, `${address}_none`)
    t.equal(refused, 1)
    t.match(why, /"?dog_school.*_none"? does not exist.*createdb/)
    t.notMatch(said + why, /geheim/)
  })

  t.test('what a server has no room for is said', async (t) => {
    const said = async (kept: Parameters<Store['append']>[0], to: Store, message: RegExp) => {
      const file = `${folder}/no-room${++made}.db`
      await within(sqlite(file), (store) => store.append(kept))
      await t.rejects(moved(sqlite(file), to), { message })
      return file
    }
    await sql(url, ...pythons('uuids'))
    await said([event('fido')], postgres(url, { prefix: 'uuids' }), /'fido' is no UUID.*another prefix/)
    await said([event('A'.repeat(32))], postgres(url, { prefix: 'uuids' }), /is no UUID/)
    await said([event('x'.repeat(1001))], prefixed()(), /has 1001 bytes/)
    const file = await said([event('rex'.repeat(400))], prefixed()(), /bytes/)
    await within(sqlite(file), (store) =>
      store.query("UPDATE stored_events SET originator_id = 'a' || char(0)", { write: true }),
    )
    await t.rejects(moved(sqlite(file), prefixed()()), { code: 'MOVE', message: /null character.*events 1/ })
    await t.rejects(moved(prefixed()(), sqlite(`${folder}/none.db`)), {
      code: 'MOVE',
      message: /has no table public.p\d+_events/,
    })
  })
})
