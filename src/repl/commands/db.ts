/** `.db`: the store that `school` stands on. */
import { table } from '../session/reply'
import type { Command } from './command'

export const db: Command = {
  name: 'db',
  usage: '.db',
  summary: 'the database: file or server, size, events, integrity',
  example: {
    type: '.db',
    shows: `property      value
file          /home/ann/dog-school/dog-school.db
bytes         8192
events        4
…
integrity     ok`,
  },

  async run(session) {
    const status = await session.recorder.status()
    return table(
      Object.entries(status).map(([property, value]) => ({ property, value: shown(value) })),
      '',
    )
  },
}

const shown = (value: unknown): unknown => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : value)
