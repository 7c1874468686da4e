/** The judge of a campaign finds each promise that is broken in a log, or in what was noted of it. */
import type { Notification } from 'dog-school'
import t from 'tap'
import { judge, judgeOffice, judgeView } from './judge'
import { type Noted, Notes, noted, type Outcome, type Seen } from './notes'

const event = (id: number, aggregateId: string, version: number, topic: string, fields: object): Notification => {
  return { id, aggregateId, version, topic, state: JSON.stringify(fields) }
}
const trick = (id: number, version: number, name: string) => event(id, 'rex', version, 'TrickAdded', { trick: name })
const enrolled = (id: number, version: number) =>
  event(id, 'course', version, 'Enrolled', { course: '1', student: `student ${id}` })

const log: readonly Notification[] = [
  event(1, 'rex', 1, 'Registered', { id: 'rex' }),
  trick(2, 2, 'a.0'),
  trick(3, 3, 'a.1'),
  event(4, 'course', 1, 'CourseOpened', { course: '1', seats: 5 }),
  enrolled(5, 2),
  trick(7, 4, 'b'),
]
const saved = (names: readonly string[], positions: readonly number[]): Outcome => {
  return { result: 'acknowledged', names, positions, took: 1 }
}
const outcomes: readonly Outcome[] = [
  saved(['a.0', 'a.1'], [1, 2, 3]),
  saved(['student 5'], [4, 5]),
  { result: 'refused', names: ['c'], code: 'VERSION_CONFLICT', took: 1 },
  { result: 'unknown', names: ['b'], took: 1 },
]
const seen = log.map(({ id, aggregateId, version }): Seen => [id, aggregateId, version])

/** What is judged, if only this is changed. */
const judged = (changes: { log?: Notification[]; outcomes?: Outcome[]; seen?: Seen[]; errors?: string[] } = {}) => {
  const noted: Noted = {
    outcomes: changes.outcomes ?? [...outcomes],
    seen: new Map([['follower', changes.seen ?? seen]]),
    errors: changes.errors ?? [],
  }
  return judge(changes.log ?? log, noted)
}
const without = (id: number) => log.filter((each) => each.id !== id)
const swapped = <T>(all: readonly T[], at: number): T[] => [
  ...all.slice(0, at),
  all[at + 1]!,
  all[at]!,
  ...all.slice(at + 2),
]

t.test('a log that is as it was noted', async (t) => {
  t.strictSame(judged(), [])
  t.strictSame(judged({ seen: seen.slice(0, 3) }), [], 'a follower may not be there yet')
  t.strictSame(judged({ log: without(7), seen: seen.slice(0, 5) }), [], 'of what nobody knows, either is right')
})

t.test('what is broken', async (t) => {
  const broken: Record<string, [string[], RegExp]> = {
    'an event is lost': [judged({ log: without(3) }), /acknowledged and lost: a.1/],
    'half of a save is lost': [judged({ log: without(3) }), /recorded by half: a.0,a.1/],
    'an event is there twice': [judged({ log: [...log, trick(8, 5, 'b')] }), /recorded twice: b at 7 and 8/],
    'what was refused is there': [judged({ log: [...log, trick(8, 5, 'c')] }), /refused and recorded: c/],
    'another position was said': [
      judged({ outcomes: swapped([...outcomes, saved(['b'], [6])], 3) }),
      /acknowledged at another position: b/,
    ],
    'positions were said in another order': [
      judged({ outcomes: [saved(['a.0', 'a.1'], [1, 3, 2])] }),
      /acknowledged at another position: a.0, a.1/,
    ],
    'positions fall': [judged({ log: swapped(log, 4) }), /out of order: 5/],
    'a version is missing': [judged({ log: without(7).concat(trick(7, 5, 'b')) }), /versions with a gap: rex 5/],
    'a course has too many': [
      judged({ log: [...log, ...[8, 9, 10, 11, 12].map((id) => enrolled(id, id - 5))] }),
      /boundaries crossed: 1 has 6 students/,
    ],
    'a course is opened twice': [
      judged({ log: [...log, event(8, 'course', 3, 'CourseOpened', { course: '1', seats: 5 })] }),
      /boundaries crossed: 1 was opened twice/,
    ],
    'a follower misses one': [judged({ seen: seen.toSpliced(2, 1) }), /follower missed.*missed 3 rex 3/],
    'a follower sees one twice': [judged({ seen: seen.toSpliced(2, 0, seen[2]!) }), /follower .*another order/],
    'a follower sees what is not there': [judged({ log: without(7) }), /follower .*saw 7 rex 4/],
    'a follower sees another order': [judged({ seen: swapped(seen, 2) }), /follower .*another order/],
    'an error that nobody expects': [judged({ errors: ['TypeError'] }), /unexpected errors: TypeError/],
  }
  for (const [what, [found, expected]] of Object.entries(broken)) t.match(found.join('\n'), expected, what)
})

t.test('what follows from a log', async (t) => {
  const notes = [2, 3, 7].map((position, at) =>
    event(at + 1, `note ${at}`, 1, 'Noted', {
      trick: JSON.parse(String(log.find(({ id }) => id === position)?.state)).trick,
      position,
    }),
  )
  t.strictSame(judgeOffice(log, notes), [])
  t.match(judgeOffice(log, notes.slice(1)), [/missed by the process application: a.0 of 2/])
  t.match(judgeOffice(log, [...notes, notes[0]!]), [/processed twice: a.0 of 2/])
  t.match(judgeOffice(log, swapped(notes, 0)), [/another order/])
  t.strictSame(judgeView(log, new Map([['rex', [3, 'b']]])), [])
  t.match(judgeView(log, new Map([['rex', [2, 'b']]])), [/should be/])
  t.match(judgeView(log, new Map()), [/should be/], 'a view that is lost')
})

t.test('notes', async (t) => {
  const folder = t.testdir({ 'follower-b.notes': '[1,"rex",1]\n[2,"re' })
  for (const name of ['follower-a', 'follower-b']) new Notes(folder, name)
  const found = noted(folder).seen
  t.strictSame(found.get('follower-a.notes'), [], 'of a follower that has seen nothing')
  t.strictSame(found.get('follower-b.notes'), [[1, 'rex', 1]], 'without the line that a kill has cut off')
})
