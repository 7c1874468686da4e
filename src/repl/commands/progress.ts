/** `.progress`: what the learner has done, which is an aggregate of the library itself. */
import { all, type Reply, table, text } from '../session/reply'
import type { Command } from './command'

export const progress: Command = {
  name: 'progress',
  usage: '.progress',
  summary: 'what you have done: lessons, checks, hints, predictions',
  example: {
    type: '.progress',
    shows: `lesson  title                             state  failed checks  hints
…
0 of 7 lessons passed. 1 of 1 predictions were right.
This is the state of one aggregate, after 12 events in my-school/progress.db.`,
  },

  async run({ world: { course } }): Promise<Reply> {
    const known = await course.progress()
    if (!known) return text('No progress yet. Start with .lesson.')
    const rows = course.lessons.map(({ number, title }) => {
      const { opened, passed, failures, hints } = known.lesson(number)
      const state = passed ? 'passed' : opened ? 'open' : ''
      return { lesson: number, title, state, 'failed checks': failures || '', hints: hints || '' }
    })
    const predictions = Object.values(known.predictions)
    const right = predictions.filter(Boolean).length
    const guessed = predictions.length > 0 ? ` ${right} of ${predictions.length} predictions were right.` : ''
    const passed = rows.filter(({ state }) => state === 'passed').length
    return all(
      table(rows, ''),
      text(`${passed} of ${rows.length} lessons passed.${guessed}`),
      text(`This is the state of one aggregate, after ${known.version} events in ${course.progressFile}.`),
    )
  },
}
