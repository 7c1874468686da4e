/** `.error`: where the last error came from. */

import { stackOf } from '../session/explain-error'
import { Refusal } from '../session/refusal'
import { type Reply, text } from '../session/reply'
import type { Command } from './command'

export const error: Command = {
  name: 'error',
  usage: '.error',
  summary: 'the last error with its stack',
  example: {
    type: '.error',
    shows: `Error: no balls here
    at /home/ann/dog-school/.cell-5.ts:1:7
…`,
  },

  async run(session): Promise<Reply> {
    const { lastError } = session
    if (lastError === undefined) return text('No line has thrown an error yet.')
    // Where the prompt itself refused, its stack would show the prompt.
    if (lastError instanceof Refusal) return text([lastError.message, lastError.next ?? ''].join('\n').trim())
    return { kind: 'code', language: 'text', text: stackOf(lastError) }
  },
}
