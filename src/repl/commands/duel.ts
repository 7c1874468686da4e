/** `.duel`: two writers want the same version; on a copy, or, on a server, two processes beside the tables. */
import type { Aggregate, Application } from 'dog-school'
import type { PostgresRecorder } from '../../recorders/postgres'
import type { Member } from '../session/members'
import { Refusal } from '../session/refusal'
import { all, type Reply, text } from '../session/reply'
import { onCopy } from '../session/sandbox'
import type { Writer } from '../session/scratch'
import type { Session } from '../session/session'
import { isOnServer } from '../session/store'
import type { Command } from './command'

export const duel: Command = {
  name: 'duel',
  usage: '.duel [who]',
  summary: 'two writers race for a version of a dog; on a server, two processes',
  example: {
    type: '.duel fido',
    shows: `Writer 1 and writer 2 load fido at version 3. Both decide to add a trick, which
would be version 4. Both save.
Writer 1 is first: version 4 is recorded.
Writer 2 is too late. VersionConflictError: Version 4 of fido is already
recorded: load it again, decide again and save again
Writer 2 loads again, now at version 4, decides again, and saves: version 5 is
recorded. \`school.retry\` does this.
The duel was on a copy: nothing was recorded.`,
  },
  takes: 'somebody',

  run(session, [who]) {
    const { recorder } = session
    return isOnServer(recorder) ? onServer(session, recorder, who) : onCopy(session, () => inThisProcess(session, who))
  },
}

/** On a copy, the writers are two objects. */
async function inThisProcess(session: Session, who: string | undefined): Promise<Reply> {
  if ((await session.members()).all.length === 0 && who === undefined) await registerFido(session.school)
  const member = await session.one(who ?? (await session.members()).all[0]?.id)
  const said = await fight(
    [writer(1, session, member), writer(2, session, member)],
    member.id,
    await called(session, member),
  )
  return all(text(said), text('The duel was on a copy: nothing was recorded.'))
}

function writer(number: number, session: Session, member: Member): Writer {
  let dog: (Aggregate & { addTrick(trick: string): void }) | undefined
  return {
    name: `Writer ${number}`,
    async load() {
      dog = (await session.load(member)) as typeof dog
      return dog!.version
    },
    async teach(trick) {
      dog!.addTrick(trick)
      return session.school.save(dog!).then(
        () => dog!.version,
        (error: Error) => error,
      )
    },
  }
}

/** On a server, they are two processes, on the same history in a schema of its own. */
async function onServer(session: Session, recorder: PostgresRecorder, who: string | undefined): Promise<Reply> {
  const members = await session.members()
  const member = who === undefined && members.all.length === 0 ? undefined : session.one(who ?? members.all[0]?.id)
  const from = await member
  if (session.isReadOnly)
    throw new Refusal(
      'The two would record on the server, in a schema of their own, and it is open for reading only.',
      'Start without --read-only; or try it on a copy: .fork, then .duel',
    )
  return session.world.inScratch(recorder, async ({ store, rival }) => {
    if (from) await store.append(await recorder.select(from.id, { as: 'bytes' }))
    const dogId = from?.id ?? (await registerFido(session.world.schoolOn(store)))
    const said = await fight(await Promise.all([rival(), rival()]), dogId, from ? members.label(from.id) : 'fido')
    return all(
      text(said),
      text(`The duel was in a schema of its own on ${store.name}, which is gone: nothing was recorded in yours.`),
    )
  })
}

const called = async (session: Session, { id }: Member): Promise<string> => (await session.members()).label(id)

const registerFido = (school: Application): Promise<string> =>
  (school as unknown as { registerDog(name: string): Promise<string> }).registerDog('Fido')

async function fight(writers: readonly [Writer, Writer], dogId: string, dog: string): Promise<string> {
  const tricks = ['roll over', 'play dead'] as const
  const [version] = await Promise.all(writers.map((each) => each.load(dogId)))
  const next = version! + 1
  const results = await Promise.all(writers.map((each, i) => each.teach(tricks[i]!)))
  const late = results.findIndex((result) => typeof result !== 'number')
  const [first, second] = late === 0 ? [writers[1], writers[0]] : writers
  const refused = results[late]
  if (typeof refused !== 'object') throw new Error('Both writers recorded a version. This is a bug: please report it.')
  const again = await second.load(dogId)
  const last = await second.teach(tricks[late]!)
  return [
    `${writers[0].name} and ${lower(writers[1].name)} load ${dog} at version ${version}. Both decide to add a trick, which would be version ${next}. Both save.`,
    `${first.name} is first: version ${next} is recorded.`,
    `${second.name} is too late. ${refused.name}: ${refused.message.replaceAll(dogId, dog)}`,
    `${second.name} loads again, now at version ${again}, decides again, and saves: version ${last} is recorded. \`school.retry\` does this.`,
  ].join('\n')
}

const lower = (name: string): string => name[0]!.toLowerCase() + name.slice(1)
