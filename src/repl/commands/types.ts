/** `.types`: whether cells are checked before they run. */

import { Refusal } from '../session/refusal'
import { text } from '../session/reply'
import type { Command } from './command'

export const types: Command = {
  name: 'types',
  usage: '.types [on|off]',
  summary: 'whether types are checked before a line runs',
  example: { type: '.types off', shows: 'Types are not checked; lines run as they are.' },
  takes: ['on', 'off'],

  async run({ evaluator }, [wanted = evaluator.typesOn ? 'on' : 'off']) {
    if (wanted !== 'on' && wanted !== 'off') throw new Refusal(`.types takes on or off, not '${wanted}'.`)
    evaluator.typesOn = wanted === 'on'
    return text(
      wanted === 'on' ? 'Types are checked before a line runs.' : 'Types are not checked; lines run as they are.',
    )
  },
}
