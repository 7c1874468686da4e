/** `.dry`: what a line would record. */

import { Refusal } from '../session/refusal'
import { all, text } from '../session/reply'
import { onCopy } from '../session/sandbox'
import type { Command } from './command'

export const dry: Command = {
  name: 'dry',
  usage: '.dry <expression>',
  summary: 'what a line would record, without recording it',
  example: {
    type: ".dry await school.addTrick(idOf('fido'), 'sit')",
    shows: `+1 TrickAdded · fido v4
That was on a copy: nothing was recorded.`,
  },
  takes: 'code',

  async run(session, _words, rest) {
    if (rest === '') throw new Refusal('Which expression?', 'Try: .dry await school.registerDog("Rex")')
    const reply = await onCopy(session, () => session.evaluate(rest))
    return all(reply, text('That was on a copy: nothing was recorded.'))
  },
}
