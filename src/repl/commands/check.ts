/** `.check`: judges the learner's files. */

import { numberOf } from '../session/lesson-reader'
import { all, type Reply } from '../session/reply'
import type { Command } from './command'

export const check: Command = {
  name: 'check',
  usage: '.check [n]',
  summary: 'judge your files for this lesson, or for lesson n',
  example: {
    type: '.check 2',
    shows: `Lesson 2 · …
  ✗ A dog has a method \`addTrick\`.
…
Hint 1 of 3
…`,
  },
  takes: 'lesson',

  async run(session, [typed]): Promise<Reply> {
    const judge = async () => session.world.course.check(await numberOf(session, typed))
    const { lines, passed } = await session.evaluator.waiting('checking', judge, true)
    return all({ kind: 'report', lines, passed }, await session.refreshSchool())
  },
}
