/** `.exit`: closes the store and leaves. */
import { nothing } from '../session/reply'
import type { Command } from './command'

export const exit: Command = {
  name: 'exit',
  aliases: ['quit'],
  usage: '.exit',
  summary: 'close the store and leave',
  example: { type: '.exit', shows: '' },

  async run(session) {
    session.isOver = true
    return nothing
  },
}
