/** `.undo`: as if the last line had recorded nothing, on a copy. An event store does not forget. */

import { Refusal } from '../session/refusal'
import { type Reply, text } from '../session/reply'
import { goToCopy } from '../session/sandbox'
import { nameOf } from '../session/store'
import type { Command } from './command'

export const undo: Command = {
  name: 'undo',
  usage: '.undo',
  summary: 'go to a copy without what the last line recorded',
  example: {
    type: '.undo',
    shows: `An event store never forgets, so nothing was deleted from dog-school.db.
\`school\` is on a copy now, without the event that this line recorded:
\`await school.registerDog('Buster')\`
.fork end goes back to the true store. To undo permanently, record a
compensating event.`,
  },

  async run(session): Promise<Reply> {
    const line = session.lines.findLast(({ recorded }) => recorded.length > 0)
    const wasCopy = session.trueStore !== undefined
    if (!line)
      throw new Refusal(
        `No ${wasCopy ? 'other ' : ''}line of this session has recorded anything.`,
        '.at and .diff look further back.',
      )
    const count = line.recorded.length
    await goToCopy(session, line.recorded[0]! - 1)
    const what = `${count === 1 ? 'the event' : `the ${count} events`} that this line recorded: \`${line.text.split('\n')[0]}\``
    const honest = wasCopy
      ? 'This copy is without'
      : `An event store never forgets, so nothing was deleted from ${nameOf(session.trueStore!.recorder)}. \`school\` is on a copy now, without`
    return text(
      `${honest} ${what}\n.fork end goes back to the true store. To undo permanently, record a compensating event.`,
    )
  },
}
