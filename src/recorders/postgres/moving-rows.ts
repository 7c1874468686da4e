/** How the rows of each part of a store are read and put, for moves. */
import type { MovedRow, Part } from '../../port/moving'
import type { Given, Values } from './server'
import { idIn, idOut, type Layout, namesIn } from './tables'

export interface Shape {
  readonly from: string
  /** What its rows are ordered by: the first values of a row. */
  readonly key: readonly { readonly name: string; readonly type: string }[]
  readonly columns: string
  /** In bytes. */
  readonly size: string
  /** What `from` is given. */
  readonly given?: readonly Given[]
  readonly made: (values: Values) => MovedRow
  /** Statements that put rows, which they are given as arrays from $2 on. What is there already stays as it is. */
  readonly put: readonly string[]
  readonly arrays: (rows: readonly MovedRow[]) => readonly Given[]
}

export function shapesOf(layout: Layout): (part: Part) => Shape {
  const { idType } = layout
  const t = namesIn(layout)
  const id = { name: 'originator_id', type: idType === 'uuid' ? 'uuid' : 'text COLLATE "C"' }
  const shapes: Readonly<Record<Exclude<Part, object>, Shape>> = {
    events: {
      from: `${t.events} WHERE TRUE`,
      key: [{ name: 'notification_id', type: 'bigint' }],
      columns: `notification_id, ${idOut(idType)}, originator_version, topic, state`,
      size: 'octet_length(state)',
      // Its tags are read apart.
      made: ([position, id, version, topic, state]) => [
        Number(position),
        id!,
        Number(version),
        topic!,
        bytesIn(state!),
      ],
      put: [
        `INSERT INTO ${t.events} (notification_id, originator_id, originator_version, topic, state)
        SELECT position, ${idIn(idType, 'id')}, version, topic, state
        FROM mine, unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::bytea[]) AS given (position, id, version, topic, state)
        ON CONFLICT DO NOTHING`,
        `INSERT INTO ${t.tags} (tag, position, topic) SELECT tag, position, topic
        FROM mine, unnest($7::jsonb[], $2::bigint[], $5::text[]) AS given (tags, position, topic), jsonb_array_elements_text(tags) AS tag
        ON CONFLICT DO NOTHING`,
      ],
      arrays: (rows) => [
        ...[0, 1, 2, 3, 4].map((at) => column(rows, at)),
        rows.map(([, , , , , tags]) => ((tags as string[]).length > 0 ? JSON.stringify(tags) : null)),
      ],
    },
    snapshots: {
      from: `${t.states} WHERE TRUE`,
      key: [id, { name: 'originator_version', type: 'bigint' }],
      columns: `${idOut(idType)}, originator_version, topic, state`,
      size: 'octet_length(state)',
      made: ([id, version, topic, state]) => [id!, Number(version), topic!, bytesIn(state!)],
      put: [
        `INSERT INTO ${t.states} (originator_id, originator_version, topic, state) SELECT ${idIn(idType, 'id')}, version, topic, state
        FROM mine, unnest($2::text[], $3::bigint[], $4::text[], $5::bytea[]) AS given (id, version, topic, state) ON CONFLICT DO NOTHING`,
      ],
      arrays: (rows) => [0, 1, 2, 3].map((at) => column(rows, at)),
    },
    tracking: {
      // Of several rows of an application the last one counts; one of the Python library says what form the table has.
      from: `(SELECT application_name, max(notification_id) AS notification_id FROM ${t.tracking}
        WHERE application_name <> '__migration__' GROUP BY application_name) AS its WHERE TRUE`,
      key: [
        { name: 'application_name COLLATE "C"', type: 'text' },
        { name: 'notification_id', type: 'bigint' },
      ],
      columns: 'application_name, notification_id',
      size: '0',
      made: ([application, notification]) => [application!, Number(notification)],
      put: [
        `INSERT INTO ${t.tracking} (application_name, notification_id) SELECT given.* FROM mine, unnest($2::text[], $3::bigint[]) AS given ON CONFLICT DO NOTHING`,
      ],
      arrays: (rows) => [0, 1].map((at) => column(rows, at)),
    },
    views: {
      from: `${t.views} WHERE TRUE`,
      key: [{ name: 'name', type: 'text' }],
      columns: 'name, position, log_id, form, build',
      size: '0',
      made: ([name, position, logId, form, build]) => [name!, Number(position), logId!, form!, build!],
      put: [
        `INSERT INTO ${t.views} (name, position, log_id, form, build) SELECT given.*
        FROM mine, unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[]) AS given ON CONFLICT DO NOTHING`,
      ],
      arrays: (rows) => [0, 1, 2, 3, 4].map((at) => column(rows, at)),
    },
  }
  return (part) => {
    if (typeof part === 'string') return shapes[part]
    return {
      from: `${t.viewRows} WHERE view = (SELECT id FROM ${t.views} WHERE name = $1)`,
      key: [{ name: 'key', type: 'text' }],
      columns: "key, words, encode(bytes, 'hex')",
      size: 'coalesce(octet_length(words), octet_length(bytes))',
      given: [part.rowsOf],
      made: ([key, words, bytes]) => [key!, words ?? bytesIn(`\\x${bytes}`)],
      put: [
        `INSERT INTO ${t.viewRows} (view, key, words, bytes) SELECT views.id, given.*
        FROM mine, ${t.views} AS views, unnest($3::text[], $4::text[], $5::bytea[]) AS given WHERE views.name = $2 ON CONFLICT DO NOTHING`,
      ],
      arrays: (rows) => [
        part.rowsOf,
        column(rows, 0),
        rows.map(([, value]) => (typeof value === 'string' ? value : null)),
        rows.map(([, value]) => (value instanceof Uint8Array ? Buffer.from(value) : null)),
      ],
    }
  }
}

const column = (rows: readonly MovedRow[], at: number): Given =>
  rows.map((row) => (row[at] instanceof Uint8Array ? Buffer.from(row[at] as Uint8Array) : (row[at] as Given)))

/** From PostgreSQL's hexadecimal form. */
const bytesIn = (text: string): Uint8Array | null =>
  text === null ? null : new Uint8Array(Buffer.from(text.slice(2), 'hex'))
