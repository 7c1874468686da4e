/** `.events`: what happened, oldest first. */
import { table } from '../session/reply'
import type { Command } from './command'

export const events: Command = {
  name: 'events',
  usage: '.events [who]',
  summary: 'what happened, oldest first',
  takes: 'somebody',

  async run(session, [who]) {
    const history = await session.history(who)
    const members = await session.members()
    const rows = history.map(({ id, aggregateId, version, name, payload, timestamp }) => ({
      '#': id,
      who: members.label(aggregateId),
      version,
      event: name,
      ...payload,
      at: timestamp.slice(0, 19).replace('T', ' '),
    }))
    return table(rows, "Nothing has happened yet. Try: await school.registerDog('Fido')")
  },
}
