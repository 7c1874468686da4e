/** `.solution`: one good answer, as a difference to the learner's. */

import { numberOf } from '../session/lesson-reader'
import { all, type Reply, text } from '../session/reply'
import type { Command } from './command'

export const solution: Command = {
  name: 'solution',
  usage: '.solution [n]',
  summary: 'what a good answer changes in yours (it asks, before you have passed)',
  takes: 'lesson',

  async run(session, [typed]): Promise<Reply> {
    const { course } = session.world
    const number = await numberOf(session, typed)
    const show = (): Reply => {
      const difference = course.difference(number)
      if (difference === '') return text('Your files are the solution, to the letter.')
      const legend = text('What stands behind - is yours, what stands behind + is the solution. There are others.')
      return all({ kind: 'code', language: 'diff', text: difference }, legend)
    }
    if ((await course.progress())?.lesson(number).passed) return show()
    session.ask(`You have not passed lesson ${number} yet. Type yes to see its solution.`, async (reply) =>
      reply === 'yes' ? show() : text('Not shown. .hint shows less.'),
    )
    return text('One learns more by finding it: .hint helps, level by level.')
  },
}
