/** `.sql`: asks the database itself. */
import { ReadOnlyError } from 'dog-school'
import { Refusal } from '../session/refusal'
import { all, type Reply, table, text } from '../session/reply'
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
    const { columns, rows } = await session.recorder.query(query, { write }).catch((error) => {
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

/** Bytes that are text are shown as text. */
function readable(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value)
  } catch {
    return `${value.length} bytes`
  }
}
