/** `.events`: what happened, oldest first; or how many events there are of each type and version. */
import { census, type EventPlace } from 'dog-school'
import { type Reply, table } from '../session/reply'
import type { Session } from '../session/session'
import type { Command } from './command'

const noneYet = "Nothing has happened yet. Try: await school.registerDog('Fido')"

export const events: Command = {
  name: 'events',
  usage: '.events [who|types]',
  summary: 'what happened, oldest first; or how many events of each type and version',
  example: {
    type: '.events fido',
    shows: `#  who   version  event       name  at                   trick
1  fido        1  Registered  Fido  2026-11-23 09:30:00
2  fido        2  TrickAdded        2026-11-23 09:31:12  roll over
3  fido        3  TrickAdded        2026-11-24 17:05:40  play dead`,
  },
  takes: 'somebody',

  async run(session, [who]) {
    const history = who === 'types' ? undefined : await session.history(who)
    if (!history) return types(session)
    const members = await session.members()
    const rows = history.map(({ id, aggregateId, version, name, payload, timestamp }) => ({
      '#': id,
      who: members.label(aggregateId),
      version,
      event: name,
      ...payload,
      at: shortened(timestamp),
    }))
    return table(rows, noneYet)
  },
}

async function types({ school }: Session): Promise<Reply> {
  const counts = await census(school)
  const rows = counts.map(({ topic, version, currentVersion, standing, count, first, last }) => ({
    event: topic,
    version: version ?? '?',
    now: currentVersion ?? 'none',
    is: standing,
    events: count,
    first: placed(first),
    last: placed(last),
  }))
  return table(rows, noneYet)
}

const placed = ({ position, timestamp }: EventPlace): string =>
  `#${position} ${timestamp ? shortened(timestamp) : ''}`.trim()
const shortened = (timestamp: string): string => timestamp.slice(0, 19).replace('T', ' ')
