/** Stored events as short as tests want them, and the `sqlite3` program as another one that has the file. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Notification, StoredEvent } from 'dog-school'
import initSqlJs from 'sql.js'
import type { Test } from 'tap'

/** Version `version` of a dog: it was registered, or learned a trick. */
export function stored(aggregateId: string, version: number, trick = `trick ${version}`): StoredEvent {
  const topic = version === 1 ? 'dogschool:Dog.Registered' : 'dogschool:Dog.TrickAdded'
  const stamp = '"timestamp":{"_type_":"datetime_iso","_data_":"2026-11-23T04:34:56.922529+00:00"}'
  const state =
    version === 1
      ? `{${stamp},"originator_topic":"dogschool:Dog","name":${JSON.stringify(aggregateId)}}`
      : `{${stamp},"trick":${JSON.stringify(trick)}}`
  return { aggregateId, version, topic, state }
}

/** `count` events of one dog, from version `first` on. */
export const history = (aggregateId: string, count: number, first = 1): StoredEvent[] =>
  Array.from({ length: count }, (_, at) => stored(aggregateId, first + at))

/** The same with tags, which must be there after a crash as the events are. */
export const tagged = (events: readonly StoredEvent[]): StoredEvent[] =>
  events.map((event) => ({ ...event, tags: [`dog:${event.aggregateId}`, `version:${event.version}`] }))

/** An event of the log with its tags, in one line. */
export const inOneLine = ({ id, aggregateId, version, tags }: Notification): string =>
  `${id} ${aggregateId} ${version} ${tags}`

/** From here on, an event with the topic `much` is too large for a string, as it is from half a gigabyte on. */
export function muchIsTooLarge(t: Test): void {
  const { stringify } = JSON
  t.intercept(JSON, 'stringify', {
    value: (value: unknown, ...rest: []) => {
      const text = stringify(value, ...rest)
      if (text?.includes('"much"')) throw new RangeError('Invalid string length')
      return text
    },
  })
}

/** What is in the journal of a database, without the zeros that are room for more. */
export function journalOf(database: string): Buffer {
  const bytes = readFileSync(`${database}.dog-school-journal`)
  return bytes.subarray(0, bytes.lastIndexOf(10) + 1)
}

/** Why tests with the `sqlite3` program cannot run here; false where they can. */
export const withoutSqlite3: string | false =
  spawnSync('sqlite3', ['-version']).status === 0 ? false : 'the sqlite3 program is not installed'

/** What `sqlite3 FILE SQL` prints. */
export function sqlite3(file: string, sql: string): string {
  const { status, stdout, stderr } = spawnSync('sqlite3', [file, sql], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout.trim()
}

/** The bytes of a database in which another program has changed something. */
export async function changed(file: string, sql: string): Promise<Uint8Array> {
  const { Database } = await initSqlJs()
  return new Database(readFileSync(file)).run(sql).export()
}
