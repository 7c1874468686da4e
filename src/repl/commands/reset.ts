/** `.reset`: begins a lesson's files anew. What was there is kept beside it. */

import { numberOf } from '../session/lesson-reader'
import { type Reply, text } from '../session/reply'
import type { Command } from './command'

export const reset: Command = {
  name: 'reset',
  usage: '.reset [n]',
  summary: "begin this lesson's files anew (it asks first, and keeps what you had)",
  takes: 'lesson',

  async run(session, [typed]): Promise<Reply> {
    const { course } = session.world
    const number = await numberOf(session, typed)
    const { folder, isNew } = course.open(number)
    if (isNew) return text(`${folder}/ is as new.`)
    session.ask(`Type yes to begin ${folder}/ anew.`, async (reply) =>
      text(reply === 'yes' ? `${folder}/ is as new. What you had is in ${course.reset(number)}/` : 'Not done.'),
    )
    return text('Your files will be kept, under another name.')
  },
}
