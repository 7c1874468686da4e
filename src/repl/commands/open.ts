/** `.open`: another store. */

import { Refusal } from '../session/refusal'
import { counted, type Reply, text } from '../session/reply'
import { countOf, nameOf } from '../session/store'
import type { Command } from './command'

export const open: Command = {
  name: 'open',
  usage: '.open <file|postgres://…>',
  summary: 'use another database for `school`',
  example: { type: '.open copy.db', shows: `\`school\` is on /home/ann/dog-school/copy.db now, with 4 events.` },
  takes: 'file',

  async run(session, _words, rest): Promise<Reply> {
    if (rest === '') throw new Refusal('Open which file?', 'Try: .open other.db (it is created if it does not exist)')
    const { recorder, trueStore } = session
    const next = session.world.openStore(session.world.resolve(rest))
    const name = nameOf(next)
    if (name === nameOf(recorder)) throw new Refusal(`${name} is open already.`)
    await next.open()
    session.trueStore = undefined
    session.isReadOnly = false
    // What was typed stays; where it recorded something is another store's matter.
    const lines = session.lines.map((line) => ({ ...line, recorded: [], last: 0 }))
    await session.switchStore(next, lines)
    session.startedAt = Math.max(session.startedAt, await next.maxNotificationId())
    await recorder.close()
    await trueStore?.recorder.close()
    return text(`\`school\` is on ${name} now, with ${counted(await countOf(next), 'event')}.`)
  },
}
