/** `.next`: the next piece of the lesson; its cell runs here. */

import { readings } from '../session/lesson-reader'
import { type Reply, text } from '../session/reply'
import type { Command } from './command'
import { open, openLesson } from './lesson'

export const next: Command = {
  name: 'next',
  usage: '.next',
  summary: 'read on: show the next piece of the lesson, and run its code',
  example: {
    type: '.next',
    shows: `But he counts what happens to him: his version is the number of his events.

  fido.version`,
  },

  async run(session): Promise<Reply> {
    const reading = readings.get(session)
    if (!reading) return openLesson(session)
    if (reading.goesOn) return reading.next(session)
    const progress = await session.world.course.progress()
    if (!progress?.lesson(reading.lesson).passed)
      return text(
        `That was the text of lesson ${reading.lesson}. Now it is your turn; .check tells you how far you are.`,
      )
    const following = progress.following(session.world.course.lessons.length)
    if (following !== reading.lesson && !progress.lesson(following).passed) return open(session, following, true)
    return text('You have passed all lessons. .lesson 1 begins again, .progress looks back.')
  },
}
