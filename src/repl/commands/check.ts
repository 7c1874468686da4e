/** `.check`: judges the learner's files. */

import { judged, numberOf } from '../session/lesson-reader'
import { all, problem, type Reply } from '../session/reply'
import type { Command } from './command'

export const check: Command = {
  name: 'check',
  usage: '.check [n]',
  summary: 'judge your files for this lesson, or for lesson n',
  example: {
    type: '.check 2',
    shows: `Lesson 2 · my-school/2-making-the-test-pass
  ✓ \`dog.ts\` exports a class \`Dog\`.
  ✓ A dog has the name that he was given.
  ✗ Not true yet: A dog has a method \`addTrick\`.
    ran       typeof new Dog('Fido').addTrick
    expected  'function'
    got       'undefined'
…
Change it, and check again: .check`,
  },
  takes: 'lesson',

  async run(session, [typed]): Promise<Reply> {
    const number = await numberOf(session, typed)
    judged.set(session, number)
    const { course } = session.world
    const { evaluator } = session
    const judge = () => evaluator.unlessStopped(course.check(number))
    const checked = await evaluator.waiting('checking', judge, true, 'Ctrl-C stops it')
    if (checked === 'stopped') return problem('Stopped: nothing is said about your files.', 'To check again: .check')
    const { lines, passed } = checked
    return all({ kind: 'report', lines, passed }, await session.refreshSchool())
  },
}
