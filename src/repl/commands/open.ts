/** `.open`: another store. */

import { Refusal } from '../session/refusal'
import { counted, type Reply, text } from '../session/reply'
import type { Command } from './command'

export const open: Command = {
  name: 'open',
  usage: '.open <file>',
  summary: 'use another database for `school`',
  example: { type: '.open copy.db', shows: `\`school\` is on /home/ann/dog-school/copy.db now, with 4 events.` },
  takes: 'file',

  async run(session, _words, rest): Promise<Reply> {
    if (rest === '') throw new Refusal('Open which file?', 'Try: .open other.db (it is created if it does not exist)')
    const file = session.world.resolve(rest)
    if (file === session.recorder.file) throw new Refusal(`${file} is open already.`)
    const { recorder, trueStore } = session
    const next = session.world.openStore(file)
    await next.open()
    session.trueStore = undefined
    // What was typed stays; where it recorded something is another store's matter.
    const lines = session.lines.map((line) => ({ ...line, first: 1, last: 0 }))
    await session.switchStore(next, lines)
    const count = await next.maxNotificationId()
    session.startedAt = Math.max(session.startedAt, count)
    await recorder.close()
    await trueStore?.recorder.close()
    return text(`\`school\` is on ${file} now, with ${counted(count, 'event')}.`)
  },
}
