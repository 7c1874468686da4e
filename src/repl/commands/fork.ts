/** `.fork`: a copy of the store, to try things on. */

import { Refusal } from '../session/refusal'
import { type Reply, text } from '../session/reply'
import { comeBack, goToCopy } from '../session/sandbox'
import { isOnServer, nameOf } from '../session/store'
import type { Command } from './command'

export const fork: Command = {
  name: 'fork',
  usage: '.fork [end]',
  summary: 'go to a copy of the store; .fork end comes back',
  example: {
    type: '.fork',
    shows: `\`school\` is on a copy now. What you record here is kept nowhere. .fork end comes
back.`,
  },
  takes: ['end'],

  async run(session, [word]): Promise<Reply> {
    if (word !== undefined && word !== 'end') throw new Refusal(`.fork takes nothing, or end, not '${word}'.`)
    if (word === 'end') {
      await comeBack(session)
      return text(`Back on ${nameOf(session.recorder)}. What you tried on the copy is gone.`)
    }
    const dialect = isOnServer(session.recorder) ? ' It is in memory, so .sql takes the SQL of SQLite.' : ''
    await goToCopy(session)
    return text(`\`school\` is on a copy now. What you record here is kept nowhere.${dialect} .fork end comes back.`)
  },
}
