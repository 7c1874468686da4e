/** `.sql`: asks the database itself. */
import { ReadOnlyError } from 'dog-school'
import { Refusal } from '../session/refusal'
import { all, type Reply, table, text } from '../session/reply'
import type { Session } from '../session/session'
import { isOnServer } from '../session/store'
import type { Command } from './command'

export const sql: Command = {
  name: 'sql',
  usage: '.sql [--write] <query>',
  summary: 'query the database; it only reads, unless --write',
  example: {
    type: '.sql SELECT count(*) AS events FROM stored_events',
    shows: `events
     4`,
  },

  async run(session, [first], rest): Promise<Reply> {
    const write = first === '--write'
    const query = write ? rest.replace(/^--write\s*/, '') : rest
    if (query === '')
      throw new Refusal('Which query?', 'Try: .sql SELECT originator_version, topic, state FROM stored_events')
    const { columns, rows } = await session.recorder.query(query, { write }).catch(async (error) => {
      if (/: no such (column|table): /.test(error.message)) throw new Refusal(error.message, await whatIsIn(session))
      if (!(error instanceof ReadOnlyError) || write) throw error
      throw new Refusal('.sql only reads, and this would change the database.', `If you mean it: .sql --write ${query}`)
    })
    if (write) session.useStoreAfresh()
    const shown = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, readable(row[i])])))
    const result = table(shown, columns.length > 0 ? 'No rows.' : 'Done.')
    return write
      ? all(result, text('An event store is not meant to be written to by hand. .db checks its integrity.'))
      : result
  },
}

/** The tables of a SQLite database that are not only ours, with their columns. A position is the number of a row. */
async function whatIsIn({ recorder, trueStore }: Session): Promise<string> {
  const { rows } = await recorder.query(
    `SELECT m.name || ' (' || iif(m.name = 'stored_events', 'rowid, ', '') || group_concat(c.name, ', ') || ')'
     FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'dog_school%' GROUP BY m.name`,
  )
  const copy = trueStore && isOnServer(trueStore.recorder) ? 'This is a copy in SQLite, not the server. ' : ''
  return `${copy}There is: ${rows.join(', ')}. The rowid is the position.`
}

/** Bytes that are text are shown as text. */
function readable(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value)
  } catch {
    return `${value.length} bytes`
  }
}
