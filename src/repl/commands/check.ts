/** `.check`: judges the learner's files. */

import { numberOf } from '../session/lesson-reader'
import { all, type Reply } from '../session/reply'
import type { Command } from './command'

export const check: Command = {
  name: 'check',
  usage: '.check [n]',
  summary: 'judge your files for this lesson, or for lesson n',
  takes: 'lesson',

  async run(session, [typed]): Promise<Reply> {
    const { lines, passed } = await session.world.course.check(await numberOf(session, typed))
    return all({ kind: 'report', lines, passed }, await session.refreshSchool())
  },
}
