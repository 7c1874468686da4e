/** `.dogs`: everybody in the store, and what they know. */
import { Aggregate } from 'dog-school'
import { type Reply, type Row, table } from '../session/reply'
import type { Session } from '../session/session'
import type { Command } from './command'

export const dogs: Command = {
  name: 'dogs',
  usage: '.dogs',
  summary: 'all dogs, with their tricks',
  example: {
    type: '.dogs',
    shows: `id    name    tricks                        version
3dcf  Fido    [ 'roll over', 'play dead' ]        3
d918  Buster  []                                  1`,
  },

  async run(session): Promise<Reply> {
    const members = await session.members()
    const rows: Row[] = []
    for (const { id, name, version } of members.all)
      rows.push({ id: members.shortId(id), name: name ?? '', ...(await asked(session, id)), version })
    return table(rows, "Nobody is here yet. Try: await school.registerDog('Fido')")
  },
}

/** What the school says of a dog; nothing, if its history cannot be read. */
async function asked(session: Session, id: string): Promise<Row> {
  const school = session.school as unknown as { getDog?(id: string): Promise<unknown> }
  try {
    const dog = await school.getDog?.(id)
    return dog && typeof dog === 'object' && !(dog instanceof Aggregate) ? { ...dog } : {}
  } catch (error) {
    return { problem: (error as Error).message }
  }
}
