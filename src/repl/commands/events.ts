/** `.events`: what happened, oldest first. */
import { table } from '../session/reply'
import type { Command } from './command'

export const events: Command = {
  name: 'events',
  usage: '.events [who]',
  summary: 'what happened, oldest first',
  example: {
    type: '.events fido',
    shows: `#  who   version  event       name  at                   trick
1  fido        1  Registered  Fido  2026-11-23 09:30:00
2  fido        2  TrickAdded        2026-11-23 09:31:12  roll over
3  fido        3  TrickAdded        2026-11-24 17:05:40  play dead`,
  },
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
