/** `.solution`: one good answer, as a difference to the learner's. */

import { numberOf } from '../session/lesson-reader'
import { all, isYes, type Reply, text } from '../session/reply'
import type { Command } from './command'

export const solution: Command = {
  name: 'solution',
  usage: '.solution [n]',
  summary: 'a good answer, as a difference to yours (it asks first if you have not passed)',
  example: { type: '.solution 3', shows: "You'll learn more by working it out: .hint helps, level by level." },
  takes: 'lesson',

  async run(session, [typed]): Promise<Reply> {
    const { course } = session.world
    const number = await numberOf(session, typed)
    const show = (): Reply => {
      const difference = course.difference(number)
      if (difference === '') return text('Your files are the same as the solution.')
      const legend = text('Lines marked - are yours, lines marked + are the solution, which is one of several.')
      return all({ kind: 'code', language: 'diff', text: difference }, legend)
    }
    if ((await course.progress())?.lesson(number).passed) return show()
    session.questions.ask(`You have not passed lesson ${number} yet. Type yes to see its solution.`, async (reply) =>
      isYes(reply) ? show() : text('Not shown. .hint shows less.'),
    )
    return text("You'll learn more by working it out: .hint helps, level by level.")
  },
}
