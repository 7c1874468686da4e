/** `.type`: what TypeScript makes of an expression, without running it. */

import { Refusal } from '../session/refusal'
import { problem, type Reply } from '../session/reply'
import type { Command } from './command'

export const type: Command = {
  name: 'type',
  usage: '.type <expression>',
  summary: 'the type of an expression, which is not run',

  async run(session, _words, rest): Promise<Reply> {
    if (rest === '') throw new Refusal('The type of what?', 'Try: .type await school.getDog(id)')
    const [mistake] = await session.evaluator.mistakesIn(rest)
    if (mistake) return { kind: 'mistakes', text: rest, mistakes: [mistake] }
    const found = await session.evaluator.typeOf(rest)
    if (found === undefined) return problem(`'${rest}' is no expression.`, 'Try: .type await school.getDog(id)')
    return { kind: 'code', language: 'ts', text: found }
  },
}
