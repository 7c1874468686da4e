/** `.timeline`: the log as a drawing, a lane for each aggregate; or in words. */

import { Refusal } from '../session/refusal'
import type { Reply } from '../session/reply'
import type { Command } from './command'

const ways = ['words', 'ascii']

export const timeline: Command = {
  name: 'timeline',
  usage: '.timeline [who] [words|ascii]',
  summary: 'what happened, drawn in lanes; or in words',
  example: {
    type: '.timeline',
    shows: `fido     ●─○─○  v3
buster         ●  v1
● created  ○ later: Registered, TrickAdded`,
  },
  takes: 'somebody',

  async run(session, given): Promise<Reply> {
    const way = given.find((word) => ways.includes(word))
    const [who, tooMuch] = given.filter((word) => !ways.includes(word))
    if (tooMuch !== undefined)
      throw new Refusal(`.timeline takes one name, not '${who} ${tooMuch}'.`, 'Try: .timeline words')
    const members = await session.members()
    const events = await session.history(who)
    return {
      kind: 'timeline',
      form: way === 'words' ? 'words' : way === 'ascii' ? 'ascii' : 'drawn',
      events: events.map(({ id, name, aggregateId, version, payload }) => ({
        id,
        name,
        who: members.label(aggregateId),
        version,
        payload,
      })),
    }
  },
}
