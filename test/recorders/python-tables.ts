/** Tables as the Python library makes them in PostgreSQL, and what it runs on them: in its versions 9.0 to 9.5. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Notification, Recorder } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import type { Test } from 'tap'
import { row } from '../../src/testing/contract/rows'
import { DogSchool } from '../the-school'
import type { OneConnection } from './one-connection'

interface Version {
  readonly ids: 'uuid' | 'text'
  readonly tables: readonly string[]
  /** How it records how far it has read. */
  readonly track: (application: string, notification: number) => string
}

const events = 'public."dogschool_events"'
const tracking = 'public."dogschool_tracking"'

const current = (ids: 'uuid' | 'text'): Version => ({
  ids,
  tables: [
    `CREATE TABLE IF NOT EXISTS ${events} (originator_id "${ids}" NOT NULL, originator_version bigint NOT NULL, topic text, state bytea, notification_id bigserial, PRIMARY KEY (originator_id, originator_version)) WITH (autovacuum_enabled=false)`,
    `CREATE UNIQUE INDEX IF NOT EXISTS "dogschool_events_notification_id_idx" ON ${events} (notification_id ASC);`,
    `CREATE TABLE IF NOT EXISTS ${tracking} (application_name text, notification_id bigint, PRIMARY KEY (application_name))`,
  ],
  track: (application, notification) =>
    `INSERT INTO ${tracking} VALUES ('${application}', ${notification}) ON CONFLICT (application_name) DO UPDATE
     SET notification_id = ${notification} WHERE ${tracking}.notification_id < ${notification} RETURNING notification_id`,
})

export const versions: Readonly<Record<string, Version>> = {
  'as Python makes them': current('uuid'),
  'with POSTGRES_ORIGINATOR_ID_TYPE=text': current('text'),
  'of its version 9.0': {
    ids: 'uuid',
    tables: [
      'CREATE TABLE IF NOT EXISTS dogschool_events (originator_id uuid NOT NULL, originator_version integer NOT NULL, topic text, state bytea, notification_id SERIAL, PRIMARY KEY (originator_id, originator_version))',
      'CREATE UNIQUE INDEX IF NOT EXISTS dogschool_events_notification_id_idx ON dogschool_events (notification_id ASC);',
      'CREATE TABLE IF NOT EXISTS dogschool_tracking (application_name text, notification_id int, PRIMARY KEY (application_name, notification_id))',
    ],
    track: (application, notification) => `INSERT INTO ${tracking} VALUES ('${application}', ${notification})`,
  },
}

const insert = ({ aggregateId, version, topic, state }: Omit<Notification, 'id'>) =>
  `INSERT INTO ${events} VALUES ('${aggregateId}', ${version}, '${topic}', convert_to('${state}', 'UTF8')) RETURNING notification_id`

const dog = (name: string) => name.padEnd(32, '0')
const [fido, buster] = ['95c2b47288b54333a2d6105ca078710b', 'afa31fe0186349378b08d8390993c289']

/** The events of the Python tutorial. */
async function tutorial(): Promise<Notification[]> {
  const file = join(__dirname, '..', 'fixtures', 'python-dog-school.db')
  const store = sqlite(':memory:', { bytes: readFileSync(file) })
  const found = await store.notifications()
  await store.close()
  return found
}

/** What Python recorded is read, and what is recorded is read by Python. */
export async function pythonTables(t: Test, { run, another }: OneConnection, { ids, tables, track }: Version) {
  await run('DROP SCHEMA public CASCADE', 'CREATE SCHEMA public', ...tables)
  const written = await tutorial()
  for (const event of written) await run(insert(event))
  const store = another({ prefix: 'dogschool' })
  const school = new DogSchool(store)

  t.strictSame(await store.notifications(), written)
  t.strictSame(await school.getDog(buster!), { name: 'Buster', tricks: ['sit', 'fetch ball 🎾', 'say "woof"\n'] })
  await t.rejects(store.append([row(fido!, 5)]), { code: 'VERSION_CONFLICT' })

  // Python reads what is recorded here, and goes on after it.
  await school.addTrick(fido!, 'sit')
  const [[id, version, topic, , position] = []] = await run(
    `SELECT * FROM ${events} WHERE originator_id = '${fido}' ORDER BY originator_version DESC LIMIT 1`,
  )
  t.strictSame([id?.replaceAll('-', ''), version, topic, position], [fido, '6', 'dogschool:Dog.TrickAdded', '10'])
  t.strictSame(await run(insert(row(dog('a'), 1))), [['11']])
  t.strictSame(
    (await store.notifications({ start: 10 })).map((each) => each.aggregateId),
    [fido, dog('a')],
  )
  await t.rejects(run(insert(row(fido!, 6))), /duplicate key/, 'a version that is taken')

  // How far another log was read.
  const tracked = (notificationId: number) =>
    store.append([], { tracking: { applicationName: 'kennel', notificationId } })
  await tracked(3)
  await tracked(5)
  t.strictSame(await run(`SELECT MAX(notification_id) FROM ${tracking} WHERE application_name='kennel'`), [['5']])
  await run(track('kennel', 7))
  t.equal(await store.maxTrackingId('kennel'), 7)
  await t.rejects(tracked(6), { code: 'TRACKING_CONFLICT' })
  await tracked(8)

  // Each wakes who follows the other, so that nobody needs to look now and then.
  let heard = () => {}
  const woken = () =>
    new Promise<void>((resolve) => {
      heard = resolve
    })
  const listening = woken()
  const follower = another({ prefix: 'dogschool', poll: 600_000 })
  follower.watch(() => heard())
  await listening
  for (const write of [() => run('NOTIFY "dogschool_events"'), () => store.append([row(dog('c'), 0)])]) {
    const hears = woken()
    await write()
    await hears
  }
  await follower.close()

  t.equal((await store.select('fido')).length, 0)
  if (ids === 'uuid') await refusesOtherIds(t, store)
  await store.close()
}

async function refusesOtherIds(t: Test, store: Recorder) {
  for (const id of ['fido', '95c2b472-88b5-4333-a2d6-105ca078710b', fido!.toUpperCase()]) {
    await t.rejects(store.append([row(dog('b'), 1), row(id, 1)]), { name: 'TypeError', message: /are UUIDs: use/ })
    await t.rejects(store.saveSnapshot(row(id, 1)), TypeError)
    t.strictSame([await store.select(id), await store.snapshot(id)], [[], undefined])
  }
  t.equal((await store.select(dog('b'))).length, 0)
}
