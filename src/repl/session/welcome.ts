/** The first words of a sitting: where one is, and what to type next. */
import type { Session } from './session'

export async function welcome(session: Session): Promise<string> {
  const { file } = session.recorder
  const count = await session.recorder.maxNotificationId()
  const where =
    file === ':memory:'
      ? 'Nothing is kept: the store is in memory.'
      : `The store is ${file}, with ${count} ${count === 1 ? 'event' : 'events'}.`
  const try_ = count === 0 ? "Try: await school.registerDog('Fido')" : 'Try: .dogs'
  return [`Dog School. \`school\` is running. ${where}`, try_, 'The course: .lesson   All commands: .help'].join('\n')
}

/** What has become of the store in a crash on purpose, if the last sitting ended with one. */
export async function afterCrash({ recorder, world }: Session): Promise<string | undefined> {
  const acknowledged = await world.crashOf(recorder.file)
  if (acknowledged === undefined) return undefined
  const count = await recorder.maxNotificationId()
  const lost = count >= acknowledged ? ': none is lost.' : `: ${acknowledged - count} are lost, which must not be.`
  return `The last sitting was killed in the middle of a save. ${acknowledged} events had been acknowledged; ${count} are here${lost}`
}
