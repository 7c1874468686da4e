/** `.lesson`: opens a lesson, and begins to read. */

import { judged, numberOf, Reading, readings } from '../session/lesson-reader'
import { all, nothing, type Reply, text } from '../session/reply'
import type { Session } from '../session/session'
import type { Command } from './command'

export const lesson: Command = {
  name: 'lesson',
  usage: '.lesson [n]',
  summary: 'go on where you were; or open lesson n from its beginning',
  example: {
    type: '.lesson 3',
    shows: `Lesson 3 of 7 · Implementing event sourcing
Your files: my-school/3-implementing-event-sourcing/ (dog.test.ts, dog.ts).
.next goes on, .check judges your files, .hint helps.
…
  const fido = new Dog('Fido')
  fido.addTrick('roll over')
  fido.tricks
→ [ 'roll over' ]
1 of 5 · .next`,
  },
  takes: 'lesson',

  run: (session, [typed]) => openLesson(session, typed),
}

/** @param typed the number of a lesson; left out: the one that the learner is at, where the learner was */
export async function openLesson(session: Session, typed?: string): Promise<Reply> {
  const { course } = session.world
  const progress = await course.progress()
  const number = typed === undefined ? (progress?.current(course.lessons.length) ?? 1) : await numberOf(session, typed)
  return open(session, number, typed === undefined)
}

/** @param goesOn whether to show the piece that the learner read last, in place of the first */
export async function open(session: Session, number: number, goesOn: boolean): Promise<Reply> {
  const { course } = session.world
  const progress = await course.progress()
  const desk = course.open(number)
  await course.record((learner) => learner.goTo(number))
  judged.delete(session)
  const notebook = course.notebook(number)
  const earlier = readings.get(session)
  const staysOpen = goesOn && earlier?.lesson === number
  const left = staysOpen ? nothing : ((await earlier?.leave(session)) ?? nothing)
  const reading = staysOpen ? earlier : new Reading(notebook, goesOn ? progress : undefined)
  readings.set(session, reading)
  // What it starts from is not what the learner has written.
  const start = number === 1 ? '' : ` of the course's own answer to lesson ${number - 1}`
  const made = desk.isNew ? ` They are copies${start}, yours to change.` : ''
  const header = [
    `Lesson ${number} of ${course.lessons.length} · ${notebook.title}`,
    `Your files: ${desk.folder}/ (${desk.files.join(', ')}).${made}`,
    `.next goes on, .check judges your files, .hint helps.`,
  ]
  return all(left, text(`${header.join('\n')}\n`), await (staysOpen ? reading.again(session) : reading.next(session)))
}
