/** The first words of a session: which store it uses, and what to type next. */
import { counted } from './reply'
import type { Session } from './session'
import { countOf, nameOf } from './store'

export async function welcome(session: Session): Promise<string> {
  const name = nameOf(session.recorder)
  const count = await countOf(session.recorder)
  const where =
    name === ':memory:'
      ? 'Nothing is kept: the store is in memory.'
      : `The store is ${name}, with ${counted(count, 'event')}.`
  const readOnly = session.isReadOnly ? ' It is open for reading only: nothing can be recorded.' : ''
  const try_ = count === 0 && !session.isReadOnly ? "Try: await school.registerDog('Fido')" : 'Try: .dogs'
  return [
    'Dog School. `school` is running.',
    `${where}${readOnly}`,
    try_,
    'The course: .lesson   All commands: .help',
  ].join('\n')
}

/** Whether the store survived a deliberate crash, if the last session ended with one. */
export async function afterCrash({ recorder, world }: Session): Promise<string | undefined> {
  const acknowledged = await world.crashOf(nameOf(recorder))
  if (acknowledged === undefined) return undefined
  const count = await countOf(recorder)
  const lost =
    count >= acknowledged
      ? ': none is lost.'
      : `: ${acknowledged - count} are missing. This is a bug: please report it.`
  return `The last session was killed in the middle of a save. ${acknowledged} events had been acknowledged; ${count} are here${lost}`
}
