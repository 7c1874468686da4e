/** `.hint`: what to think about, level by level. */

import { judged, numberOf } from '../session/lesson-reader'
import { Refusal } from '../session/refusal'
import type { Reply } from '../session/reply'
import type { Command } from './command'

const LEVELS = 3

export const hint: Command = {
  name: 'hint',
  usage: '.hint',
  summary: 'a hint on what .check found; again: a plainer one',
  example: {
    type: '.hint',
    shows: `Hint 2 of 3
    A method stands inside the class, beside the constructor, and takes one
…
    More of it: .hint`,
  },

  async run(session): Promise<Reply> {
    const { course } = session.world
    const number = judged.get(session) ?? (await numberOf(session))
    const known = (await course.progress())?.lesson(number)
    if (known?.passed && known.hint === undefined) throw new Refusal(`Lesson ${number} is passed.`, '.lesson goes on.')
    const none = new Refusal(
      'The course has no hint on what .check found last. Its message names the line and what is wrong there.',
      '.solution shows an answer beside yours; it asks first.',
    )
    if (known?.hint === undefined && known?.failures) throw none
    if (known?.hint === undefined) throw new Refusal('A hint is about what .check has found.', 'So first: .check')
    const level = Math.min(known.level + 1, LEVELS)
    const id = known.hint
    const lines = course.hint(number, id, level)
    if (lines.length === 0) throw none
    await course.record((progress) => progress.takeHint(number, id, level))
    return { kind: 'report', lines, passed: true }
  },
}
