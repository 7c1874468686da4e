/**
 * The tables in a PostgreSQL schema, and what they are called.
 *
 * `…_events` and `…_tracking` are those of the Python library `eventsourcing`; the other tables are ours.
 */

/** The schema of tables that this version of the library reads and writes. */
export const schemaVersion = 1

/** The type of the ids: uuid in tables that Python made, unless it was told otherwise. */
export type IdType = 'text' | 'uuid'

/** How the tables are called, and what their ids are. */
export interface Layout {
  readonly schema: string
  readonly prefix: string
  readonly idType: IdType
}

/** The names of a store, quoted, so that they can stand in SQL. */
export function namesIn({ schema, prefix }: Omit<Layout, 'idType'>) {
  const name = (what: string) => `"${schema}"."${prefix}_${what}"`
  return {
    events: name('events'),
    tracking: name('tracking'),
    tags: name('tags'),
    states: name('states'),
    views: name('views'),
    viewRows: name('view_rows'),
    flushes: name('flushes'),
    log: name('log'),
    lock: name('lock'),
    lockShared: name('lock_shared'),
    underWay: name('under_way'),
    beforeOthers: name('before_others'),
    final: name('final'),
    earlier: name('earlier'),
    matching: name('matching'),
    matchingDown: name('matching_down'),
    refusal: name('refusal'),
    append: name('append'),
    saveView: name('save_view'),
    swapView: name('swap_view'),
    dropView: name('drop_view'),
    settle: name('settle'),
  }
}

export type Names = ReturnType<typeof namesIn>

/** An id as it goes in, and as it comes out. */
export const idIn = (idType: IdType, given: string) => (idType === 'uuid' ? `(${given})::uuid` : given)
export const idOut = (idType: IdType, column = 'originator_id') =>
  idType === 'uuid' ? `replace(${column}::text, '-', '')` : column

/** What makes the tables that are not there yet. */
export function tables({ schema, prefix, idType }: Layout): readonly string[] {
  const t = namesIn({ schema, prefix })
  const row = `originator_id ${idType === 'uuid' ? 'uuid' : 'text COLLATE "C"'} NOT NULL, originator_version bigint NOT NULL, topic text, state bytea`
  return [
    `CREATE TABLE IF NOT EXISTS ${t.events} (${row}, notification_id bigserial, PRIMARY KEY (originator_id, originator_version))`,
    `CREATE UNIQUE INDEX IF NOT EXISTS "${prefix}_events_notification_id_idx" ON ${t.events} (notification_id ASC)`,
    `CREATE INDEX IF NOT EXISTS "${prefix}_events_topic_idx" ON ${t.events} (topic COLLATE "C", notification_id)`,
    // With one row for each application, and the one by which Python knows that it need not change the table.
    `DO $$ BEGIN
       IF to_regclass('${t.tracking}') IS NULL THEN
         CREATE TABLE ${t.tracking} (application_name text, notification_id bigint, PRIMARY KEY (application_name));
         INSERT INTO ${t.tracking} VALUES ('__migration__', 1);
       END IF;
     END $$`,
    `CREATE TABLE IF NOT EXISTS ${t.states} (${row}, PRIMARY KEY (originator_id, originator_version))`,
    `CREATE TABLE IF NOT EXISTS ${t.tags} (tag text COLLATE "C", position bigint, topic text COLLATE "C" NOT NULL, PRIMARY KEY (tag, position) INCLUDE (topic))`,
    `CREATE INDEX IF NOT EXISTS "${prefix}_tags_position_idx" ON ${t.tags} (position)`,
    `CREATE TABLE IF NOT EXISTS ${t.views} (id bigserial PRIMARY KEY, name text COLLATE "C" UNIQUE NOT NULL, position bigint NOT NULL, log_id text NOT NULL, form text NOT NULL, build text NOT NULL)`,
    `CREATE TABLE IF NOT EXISTS ${t.viewRows} (view bigint, key text COLLATE "C", words text, bytes bytea, PRIMARY KEY (view, key))`,
    `CREATE TABLE IF NOT EXISTS ${t.flushes} (writer uuid, flush bigint, result text, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (writer, flush))`,
    `CREATE TABLE IF NOT EXISTS ${t.log} (version integer NOT NULL, log_id text NOT NULL)`,
  ]
}
