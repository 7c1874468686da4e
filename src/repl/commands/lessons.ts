/** `.lessons`: all of them, and how far the learner is. */
import { table } from '../session/reply'
import type { Command } from './command'

export const lessons: Command = {
  name: 'lessons',
  usage: '.lessons',
  summary: 'all lessons, and where you are',
  example: {
    type: '.lessons',
    shows: `lesson  title
     1  Setting up the project            you are here
     2  Making the test pass
…`,
  },

  async run({ world: { course } }) {
    const progress = await course.progress()
    const current = progress?.current(course.lessons.length) ?? 1
    const rows = course.lessons.map(({ number, title }) => {
      const state = [progress?.lesson(number).passed && 'passed', number === current && 'you are here']
      return { lesson: number, title, '': state.filter(Boolean).join(', ') }
    })
    return table(rows, 'There are no lessons.')
  },
}
