/** `.load`: runs a file as if it had been typed. */
import { Refusal } from '../session/refusal'
import type { Command } from './command'

export const load: Command = {
  name: 'load',
  usage: '.load <file>',
  summary: 'run a TypeScript file as if you typed it here',
  example: { type: '.load trick.ts', shows: '+1 TrickAdded · fido v4' },
  takes: 'file',

  async run(session, _words, rest) {
    if (rest === '') throw new Refusal('Load which file?', 'Try: .load my-school/dog.ts')
    const text = await session.world.readText(session.world.resolve(rest))
    return session.evaluate(text)
  },
}
