/** How stores order their events on PostgreSQL, each by a few lines that do the same work. */
import type { Client } from 'pg'
import { postgres } from '../../../src/recorders/postgres'
import { Group } from './group'

export type Append = (id: string, version: number) => Promise<unknown>

export interface Design {
  readonly name: string
  readonly who: string
  readonly sees: string
  /** A writer; those of a process share what `shared` returns. */
  readonly writer: (client: Client, shared: unknown) => Append
  readonly shared?: (url: string, connect: () => Promise<Client>) => Promise<unknown>
}

export const [topic, state] = [
  'kennel:Dog.TrickAdded',
  '{"timestamp":{"_type_":"datetime_iso","_data_":"2026-11-23T04:34:56.922529+00:00"},"trick":"roll over"}',
]

/** The lock of all: (7, 7) stands for the name of a log. */
export const tables = `
  CREATE TABLE events (id text COLLATE "C", version bigint, topic text, state bytea, position bigserial UNIQUE, xid xid8,
    PRIMARY KEY (id, version));
  CREATE FUNCTION append_all(is_locked boolean, ids text[], versions bigint[], states text[]) RETURNS void LANGUAGE plpgsql AS
  $$ BEGIN
    IF is_locked THEN PERFORM pg_advisory_xact_lock_shared(7, 7); END IF;
    INSERT INTO events (id, version, topic, state) SELECT id, version, '${topic}', convert_to(state, 'UTF8')
    FROM unnest(ids, versions, states) AS given (id, version, state);
  END $$;`

const insert = (client: Client, id: string, version: number, xid = 'NULL') =>
  client.query({
    name: `insert ${xid}`,
    text: `INSERT INTO events (id, version, topic, state, xid) VALUES ($1, $2, $3, $4, ${xid}) RETURNING position`,
    values: [id, version, topic, Buffer.from(state)],
  })

/** A transaction that takes a lock first. */
const after =
  (lock?: string) =>
  (client: Client): Append =>
  async (id, version) => {
    await client.query('BEGIN')
    if (lock) await client.query(lock)
    await insert(client, id, version)
    await client.query('COMMIT')
  }

const grouped = (isLocked: boolean) => ({
  shared: async (_url: string, connect: () => Promise<Client>) => new Group(await connect(), isLocked),
  writer: (_client: Client, group: unknown) => (id: string, version: number) => (group as Group).append(id, version),
})

export const designs: readonly Design[] = [
  { name: 'nothing', who: 'many', sees: 'no order: events are lost', writer: after() },
  {
    name: 'table lock until commit',
    who: 'the Python library',
    sees: 'the order of commits',
    writer: after('LOCK TABLE events IN EXCLUSIVE MODE'),
  },
  {
    name: 'one advisory lock until commit',
    who: 'Act',
    sees: 'the order of commits',
    writer: after('SELECT pg_advisory_xact_lock(7, 7)'),
  },
  {
    name: '`xid8` and snapshot',
    who: 'Emmett',
    sees: 'the order of transaction ids, held back by any open transaction',
    writer: (client) => async (id, version) => {
      await client.query('BEGIN')
      await insert(client, id, version, 'pg_current_xact_id()')
      await client.query('COMMIT')
    },
  },
  {
    name: 'read barrier',
    who: 'Kraken',
    sees: 'positions that are final',
    writer: after('SELECT pg_advisory_xact_lock_shared(7, 7)'),
  },
  {
    name: 'group commit',
    who: 'UmaDB, TigerBeetle',
    sees: 'no order between processes: events are lost',
    ...grouped(false),
  },
  {
    name: 'group commit, read barrier',
    who: 'an imitation of ours',
    sees: 'positions that are final',
    ...grouped(true),
  },
  {
    name: '**this library**',
    who: 'with checks, conflicts, tags, exactly once, and waking',
    sees: 'positions that are final',
    shared: async (url) => {
      const recorder = postgres(url)
      await recorder.open()
      return recorder
    },
    writer: (_client, recorder) => (aggregateId, version) =>
      (recorder as ReturnType<typeof postgres>).append([{ aggregateId, version, topic, state }]),
  },
]
