/** `.back`: the piece before, as it was. Only what this session has not run yet is run. */
import { readings } from '../session/lesson-reader'
import { Refusal } from '../session/refusal'
import type { Command } from './command'

export const back: Command = {
  name: 'back',
  usage: '.back',
  summary: 'the piece before, as it was; nothing runs twice',
  example: {
    type: '.back',
    shows: `In lesson 2 the list simply _was_ there, and once it was empty, nothing could
…
  const fido = new Dog('Fido')
  fido.addTrick('roll over')
  fido.tricks
→ [ 'roll over' ]
1 of 6 · .next`,
  },

  async run(session) {
    const shown = await readings.get(session)?.back(session)
    if (!shown) throw new Refusal('There is nothing before this.', '.lesson begins, .next reads on.')
    return shown
  },
}
