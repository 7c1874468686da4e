/** `.error`: where the last error came from. */

import { stackOf } from '../session/explain-error'
import { type Reply, text } from '../session/reply'
import type { Command } from './command'

export const error: Command = {
  name: 'error',
  usage: '.error',
  summary: 'the last error with its stack',
  example: {
    type: '.error',
    shows: `Error: no balls here
    at …`,
  },

  async run(session): Promise<Reply> {
    if (session.lastError === undefined) return text('Nothing has gone wrong yet.')
    return { kind: 'code', language: 'text', text: stackOf(session.lastError) }
  },
}
