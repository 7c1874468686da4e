/** The prompt on a PostgreSQL server: what answers on a file answers there too, and some of it shows more. */
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import type { Application } from 'dog-school'
import { postgres } from 'dog-school/postgres'
import { Client } from 'pg'
import t from 'tap'
import { groups } from '../../src/repl/commands'
import { afterCrash, welcome } from '../../src/repl/session/welcome'
import { readOptions } from '../../src/repl/start/options'
import { startSession } from '../../src/repl/start/start'
import { database, skip, sql } from '../recorders/postgres-server'
import { patternOf, theDogs } from './examples'
import { sit } from './sitting'

/** They need an answer, another store, or have their own test. */
const others = ['crash', 'open', 'save', 'undo', 'fork', 'db', 'duel']

t.test('on a server', { skip }, async (t) => {
  const { url, empty } = await database(t)
  const fresh = async () => (await empty()).close()
  const schemas = async () =>
    (await sql(url, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'dog_school%'")).length

  await t.test('commands show what they show on a file', async (t) => {
    await fresh()
    const { take, shows, shell, end } = await sit({ db: url })
    t.match(await welcome(shell.session), /The store is postgres:\/\/[\w.]+:\d+\/\w+, with 0 events\.\nTry: await/)
    await take(...theDogs)
    const asked = groups.filter(({ name }) => ['past', 'copies', 'store'].includes(name))
    for (const { name, example } of asked.flatMap(({ commands }) => commands))
      if (!others.includes(name)) t.match(await shows(example.type), patternOf(example.shows), name)
    t.match(await shows('.db'), /^property +value\nserver +postgres:.*\nevents +4\n.*durable .*\nintegrity +ok$/s)
    t.match(await shows('.sql DELETE FROM stored_events'), /only reads.*--write DELETE/s)
    t.match(await shows('.sql SELEC'), /PostgreSQL cannot run SELEC: syntax error/)
    t.match(await shows('.sql --write DELETE FROM stored_events WHERE originator_version = 2'), /^Done\./)
    t.match(await shows('.db'), /integrity +versions are missing of 1 aggregate$/)
    t.equal(await schemas(), 0, 'of what .lose needs, nothing is left')
    await end()
  })

  await t.test('what others record is told apart, and .undo leaves it alone', async (t) => {
    await fresh()
    const { take, shows, shell, end } = await sit({ db: url })
    const elsewhere = shell.session.world.schoolOn(postgres(url)) as Application & {
      registerDog(name: string): unknown
    }
    await take("await school.registerDog('Fido')")
    await elsewhere.registerDog('Rex')
    t.equal(
      await shows("void (await school.registerDog('Kim'))"),
      '+1 Registered · rex v1 (by another writer)\n+1 Registered · kim v1',
    )
    t.match(await shows('.why rex name'), /before this session/)
    t.match(await shows('.undo'), /without\s+the\s+event that this line recorded: `void \(await/)
    t.match(await shows('.dogs'), /Fido.*Rex/s)
    t.match(await shows('.fork end'), /^Back on postgres:/)

    const open = new Client({ connectionString: url })
    await open.connect()
    await open.query('BEGIN')
    await open.query("INSERT INTO stored_events VALUES ('slow', 1, 'dogschool:Dog.Registered', '{}')")
    t.match(await shows("await school.registerDog('Max')"), /Recorded, at position 5\. It is shown a moment after/)
    await open.query('COMMIT')
    await open.end()
    t.equal(await shows('1'), '1\n+1 Registered · slow v1 (by another writer)\n+1 Registered · max v1')
    await elsewhere.close()
    await end()
  })

  await t.test('a line that is stopped goes on to record, and is no other writer', async (t) => {
    await fresh()
    const { take, shows, shell, end } = await sit({ db: url, width: 1000 })
    const { recorder, evaluator } = shell.session
    const { append, notifications } = recorder
    await take("const rex = await school.registerDog('Rex')")

    const happens = new EventEmitter()
    const [committed, told] = [once(happens, 'committed'), once(happens, 'told')]
    recorder.append = async (...given) => {
      const positions = await append.apply(recorder, given)
      happens.emit('committed')
      await told
      return positions
    }
    const stopped = shows("await school.addTrick(rex, 'sit')")
    await committed
    evaluator.stop()
    t.match(await stopped, /^Stopped\.\n.*on its way to the server may still be.*\n\+1 TrickAdded · rex v2$/)
    happens.emit('told')
    recorder.append = append

    recorder.notifications = async (query) => {
      recorder.notifications = notifications
      const rows = await notifications.call(recorder, query)
      await evaluator.run(evaluator.read("await school.addTrick(rex, 'roll over')"))
      return rows
    }
    t.equal(await shows("await school.addTrick(rex, 'play dead')"), '+1 TrickAdded · rex v3')
    t.equal(await shows('1'), '1\n+1 TrickAdded · rex v4')
    await end()
  })

  await t.test('.fork, .save and .open go to files and back, with positions and tags', async (t) => {
    await fresh()
    const { take, shows, shell, end } = await sit({ db: url })
    await take(
      "const Claimed = defineEvent('Claimed', ['name'], { tags: ({ name }) => ['name:' + name] })",
      "const byName = (name: string) => school.recorder.read([{ tags: ['name:' + name] }])",
    )
    await sql(url, "SELECT nextval('stored_events_notification_id_seq')")
    await take(
      "await school.recorder.append([{ aggregateId: 'x', version: 1, topic: 'Claimed', state: '{}', tags: [\"name:O'Hara\"] }])",
    )
    const found = await shows('(await byName("O\'Hara")).map(({ id }) => id)')
    t.equal(found, '[ 2 ]')
    await sql(url, "INSERT INTO stored_tracking VALUES ('it''s', 1)")
    t.match(await shows('.fork'), /\.sql\s+takes the SQL of SQLite/)
    t.match(await shows('.sql SELECT notification_id FROM stored_events'), /copy in SQLite.*\(rowid,/s)
    t.equal(await shows('await school.recorder.maxTrackingId("it\'s")'), '1')
    t.equal(await shows('(await byName("O\'Hara")).map(({ id }) => id)'), found)
    await take('.fork end')
    const file = join(t.testdir(), 'copy.db')
    await take(`.save ${file}`)
    t.match(await shows(`.open ${file}`), /with 1 event\./)
    t.equal(await shows('(await byName("O\'Hara")).map(({ id }) => id)'), found)
    t.match(await shows(`.open ${url}`), /is on postgres:.*\s+now, with 1 event\.$/)
    t.match(await shows(`.open ${url}`), /is open already/)
    t.match(await shows('.save postgres://ann:hidden@127.0.0.1/dogs'), /writes files/)
    t.equal(shell.session.trueStore, undefined)
    await end()
  })

  await t.test('.duel is two processes', async (t) => {
    await fresh()
    const { shows, end } = await sit({ db: url, width: 1000 })
    const lines = (await shows('.duel')).split('\n')
    const [, one, two] = /^Process (\d+) and process (\d+) load fido at version 1\./.exec(lines[0] ?? '') ?? []
    t.not(one, two)
    const [, first] = /^Process (\d+) is first: version 2 is recorded\.$/.exec(lines[1] ?? '') ?? []
    const late = first === one ? two : one
    t.match(lines[2], new RegExp(`^Process ${late} is too late\\. VersionConflictError: Version 2 of fido`))
    t.match(lines[3], new RegExp(`^Process ${late} loads again, now at version 2, .* version 3 is recorded`))
    t.match(lines[4], /nothing was recorded in yours/)
    t.match(await shows('.dogs'), /Nobody/)
    t.equal(await schemas(), 0)
    await end()
  })

  await t.test('tables of another schema, with other names', async (t) => {
    await fresh()
    await sql(url, 'DROP SCHEMA IF EXISTS kennel CASCADE; CREATE SCHEMA kennel')
    const { tables } = readOptions(['--schema', 'kennel', '--prefix', 'dogs'], {})
    const { take, shows, shell, end } = await sit({ db: url, tables, width: 1000 })
    t.match(await welcome(shell.session), /The store is postgres:.* \(kennel\.dogs_events\), with 0 events/)
    await take(...theDogs)
    t.match(await shows('.sql SELECT count(*) FROM kennel.dogs_events'), /\n *4$/)
    t.match(await shows('.sql SELECT count(*) FROM public.stored_events'), /\n *0$/)
    t.match(await shows(".dry await school.addTrick(fido, 'sit')"), /^\+1 TrickAdded · fido v4/)
    t.match(await shows('.duel fido'), /version 5 is recorded.*nothing was recorded in yours/s)
    t.match(await shows('.lose'), /#1 Fido, #2 Buster/)
    t.match(await shows('.fork', '.fork end'), /\(kennel\.dogs_events\)/)
    t.match(await shows(`.open ${url}`), /kennel\.dogs_events\) is open already/)
    const file = join(t.testdir(), 'copy.db')
    await take(`.save ${file}`)
    t.match(await shows(`.open ${file}`), /with 4 events\./)
    t.match(await shows(`.open ${url}`), /kennel\.dogs_events\) now, with 4 events\./)
    await end()
    t.match(await startSession({ db: file, readOnly: false, tables }), { refused: /no schema and no prefix/ })
    t.match(await startSession({ db: url, readOnly: false, tables: { schema: 'K' } }), {
      refused: /^schema is 'K': use/,
    })
    const other = await startSession({ db: `${url}?schema=kennel`, readOnly: false })
    t.match(other, { refused: /names a schema.*npm start \(--schema\)/ })
  })

  await t.test('open for reading only', async (t) => {
    await fresh()
    const writer = await sit({ db: url })
    await writer.take("await school.registerDog('Fido')")
    await writer.end()
    const { shows, end } = await sit({ db: url, readOnly: true })
    t.match(await shows("await school.registerDog('Rex')"), /open for reading only.*\.fork$/s)
    t.match(await shows('.sql --write DELETE FROM stored_events'), /open for reading only/)
    t.match(await shows('.duel'), /open for\s+reading only/)
    t.match(await shows('.lose'), /open for\s+reading only/)
    t.match(await shows('.fork', "await school.registerDog('Rex')"), /\+1 Registered/)
    t.match(await shows('.lose'), /First \.fork end/)
    await end()
  })

  await t.test('a crash is survived', async (t) => {
    await fresh()
    const { shell, end } = await sit({ db: url })
    const { world, recorder } = shell.session
    await world.noteCrash((recorder as { name: string }).name, 0)
    t.match(await afterCrash(shell.session), /0 events had been acknowledged; 0 are here: none is lost/)
    t.equal(await afterCrash(shell.session), undefined)
    await end()
  })

  await t.test('what is wrong at the start is said without the password', async (t) => {
    const said = async (change: (url: URL) => void, readOnly = false) => {
      const at = new URL(url)
      change(at)
      const started = await startSession({ db: at.href, readOnly })
      return 'refused' in started ? started.refused : 'nothing'
    }
    const user = await said((at) => Object.assign(at, { username: 'nobody_here', password: 'hidden' }))
    t.match(user, /^postgres:\/\/.* does not exist\. Write the right user and password in its address/)
    t.notMatch(user, /hidden/)
    t.match(await said((at) => Object.assign(at, { pathname: '/no_such_database' })), /Make the database \(createdb\)/)
    await sql(url, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public')
    t.match(await said(() => {}, true), /has no tables .*\nTo make them, start once without --read-only\.$/)
  })

  await t.test('pg is not installed', async (t) => {
    const node = process.getBuiltinModule('module') as unknown as { _load(name: string, ...more: unknown[]): unknown }
    const load = node._load
    t.teardown(() => Object.assign(node, { _load: load }))
    node._load = (name, ...more) => {
      if (/^dog-school\/postgres$/.test(name))
        throw Object.assign(new Error("Cannot find module 'pg'\nRequire stack:"), { code: 'MODULE_NOT_FOUND' })
      return load(name, ...more)
    }
    t.strictSame(await startSession({ db: url, readOnly: false }), {
      refused: 'A PostgreSQL server is reached through the package pg, which is not installed.\nnpm install pg',
    })
  })
})
