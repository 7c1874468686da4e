/** `.error`: where the last error came from. */
import { type Answer, text } from '../answer'
import { stackOf } from '../thrown'
import type { Command } from './command'

export const error: Command = {
  name: 'error',
  usage: '.error',
  summary: 'the last error with its stack',

  async run(session): Promise<Answer> {
    if (session.lastError === undefined) return text('Nothing has gone wrong yet.')
    return { kind: 'code', language: 'text', text: stackOf(session.lastError) }
  },
}
