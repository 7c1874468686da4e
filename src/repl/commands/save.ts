/** `.save`: the store, or the session, into a file. */

import { Refusal } from '../session/refusal'
import { counted, type Reply, text } from '../session/reply'
import { isAddress } from '../session/store'
import { cellsOf, scriptOf } from '../session/transcript'
import type { Command } from './command'

export const save: Command = {
  name: 'save',
  usage: '.save <file.db|file.ts>',
  summary: 'a copy of the store (.db), or the lines typed here (.ts)',
  example: {
    type: '.save copy.db',
    shows: `A copy of the store is in /home/ann/dog-school/copy.db. .open puts \`school\` on
it.`,
  },
  takes: 'file',

  async run(session, _words, rest): Promise<Reply> {
    if (rest === '')
      throw new Refusal(
        'Save to which file?',
        'Try: .save copy.db for the store, or .save session.ts for what you typed.',
      )
    const file = session.world.resolve(rest)
    if (file.endsWith('.ts')) {
      const cells = cellsOf(session)
      await session.world.writeText(file, scriptOf(cells))
      return text(`${counted(cells.length, 'line')} that worked: written to ${file}. .load runs them again.`)
    }
    if (isAddress(file))
      throw new Refusal('.save writes files.', 'To take a store to a server: npm run move -- copy.db postgres://…')
    await session.world.copyStore(session.recorder, file)
    return text(`A copy of the store is in ${file}. .open puts \`school\` on it.`)
  },
}
