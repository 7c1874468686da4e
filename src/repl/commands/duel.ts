/** `.duel`: two writers want the same version; on a copy. */
import { all, type Reply, text } from '../session/reply'
import { onCopy } from '../session/sandbox'
import type { Session } from '../session/session'
import type { Command } from './command'

export const duel: Command = {
  name: 'duel',
  usage: '.duel [who]',
  summary: 'two writers race for one version of a dog',
  example: {
    type: '.duel fido',
    shows: `Two writers load fido at version 3. Both decide to add a trick, which would be
version 4. Both save.
Writer 1 is first: version 4 is recorded.
Writer 2 is too late. VersionConflictError: Version 4 of fido is already
recorded: load it again, decide again and save again
Writer 2 loads again, now at version 4, decides again, and saves: version 5 is
recorded. \`school.retry\` does this.
The duel was on a copy: nothing was recorded.`,
  },
  takes: 'somebody',

  run: (session, [who]) => onCopy(session, () => fight(session, who)),
}

interface Learner {
  addTrick(trick: string): void
}

async function fight(session: Session, who: string | undefined): Promise<Reply> {
  const members = await session.members()
  if (members.all.length === 0 && who === undefined)
    await (session.school as unknown as { registerDog(name: string): Promise<string> }).registerDog('Fido')
  const member = await session.one(who ?? (await session.members()).all[0]?.id)
  const name = (await session.members()).label(member.id)
  const [first, second] = [await session.load(member), await session.load(member)]
  for (const [dog, trick] of [
    [first, 'roll over'],
    [second, 'play dead'],
  ] as const)
    (dog as unknown as Learner).addTrick(trick)
  const next = first.version
  const results = await Promise.allSettled([session.school.save(first), session.school.save(second)])
  const outcomes = results.map((result, i) => {
    const writer = `Writer ${i + 1}`
    if (result.status === 'fulfilled') return text(`${writer} is first: version ${next} is recorded.`)
    const { name: kind, message } = result.reason as Error
    return text(`${writer} is too late. ${kind}: ${message.replaceAll(member.id, name)}`)
  })
  const again = await session.load(member)
  ;(again as unknown as Learner).addTrick('play dead')
  await session.school.save(again)
  return all(
    text(
      `Two writers load ${name} at version ${next - 1}. Both decide to add a trick, which would be version ${next}. Both save.`,
    ),
    ...outcomes,
    text(
      `Writer 2 loads again, now at version ${next}, decides again, and saves: version ${again.version} is recorded. \`school.retry\` does this.`,
    ),
    text('The duel was on a copy: nothing was recorded.'),
  )
}
