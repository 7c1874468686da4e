/** `.type`: what TypeScript makes of an expression, without running it. */

import { Refusal } from '../session/refusal'
import { problem, type Reply } from '../session/reply'
import type { Command } from './command'

export const type: Command = {
  name: 'type',
  usage: '.type <expression>',
  summary: 'the type of an expression, which is not run',
  example: { type: ".type await school.getDog(idOf('fido'))", shows: '{ name: string; tricks: string[]; }' },
  takes: 'code',

  async run(session, _words, rest): Promise<Reply> {
    if (rest === '') throw new Refusal('Which expression?', 'Try: .type await school.getDog(id)')
    const [mistake] = await session.evaluator.mistakesIn(rest)
    if (mistake) return { kind: 'mistakes', text: rest, mistakes: [mistake] }
    const found = await session.evaluator.typeOf(rest)
    if (found === undefined) return problem(`'${rest}' is not an expression.`, 'Try: .type await school.getDog(id)')
    return { kind: 'code', language: 'ts', text: found }
  },
}
