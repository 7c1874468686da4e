/** `.reset`: makes a lesson's files again, as they were at its start. What was there is kept beside them. */

import { numberOf } from '../session/lesson-reader'
import { isYes, type Reply, text } from '../session/reply'
import type { Command } from './command'

export const reset: Command = {
  name: 'reset',
  usage: '.reset [n]',
  summary: "start this lesson's files again (it asks first, and keeps what you had)",
  example: { type: '.reset 3', shows: 'Your files will be kept, under another name.' },
  takes: 'lesson',

  async run(session, [typed]): Promise<Reply> {
    const { course } = session.world
    const number = await numberOf(session, typed)
    const { folder, isNew } = course.open(number)
    if (isNew) return text(`${folder}/ has just been created: there is nothing to reset.`)
    session.questions.ask(`Start ${folder}/ again? Type yes (or y) to do it.`, async (reply) =>
      text(
        isYes(reply)
          ? `What you had is in ${course.reset(number)}/, and ${folder}/ is as it was at the start.`
          : 'Nothing was changed.',
      ),
    )
    return text('Your files will be kept, under another name.')
  },
}
