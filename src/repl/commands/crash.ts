/** `.crash`: kills this very process in the middle of a save, on purpose. */

import { Refusal } from '../session/refusal'
import { isYes, type Reply, text } from '../session/reply'
import { countOf, nameOf } from '../session/store'
import type { Command } from './command'

export const crash: Command = {
  name: 'crash',
  usage: '.crash',
  summary: 'kill this process in the middle of a save (it asks first)',
  example: {
    type: '.crash',
    shows: `Three dogs will be saved and acknowledged. A fourth will be on its way when the
process dies.`,
  },

  async run(session): Promise<Reply> {
    if (session.trueStore)
      throw new Refusal('A copy is in memory, so a crash would only lose it.', 'First .fork end, then .crash')
    const store = nameOf(session.recorder)
    if (store === ':memory:')
      throw new Refusal(
        'This store is in memory, so a crash would lose everything in it.',
        'Start with a file: npm start',
      )
    session.questions.ask('This kills the prompt with SIGKILL while it saves. Type yes to do it.', async (reply) => {
      if (!isYes(reply)) return text('Nothing was done.')
      const school = session.school as unknown as { registerDog(name: string): Promise<string> }
      for (let i = 1; i <= 3; i++) await school.registerDog(`Phoenix ${i}`)
      const acknowledged = await countOf(session.recorder)
      await session.world.noteCrash(store, acknowledged)
      void school.registerDog('Nobody').catch(() => undefined)
      return session.world.die()
    })
    return text('Three dogs will be saved and acknowledged. A fourth will be on its way when the process dies.')
  },
}
