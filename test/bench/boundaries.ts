/**
 * Rules that span aggregates: what the condition of an append costs beside the same append without one, in small logs and
 * in large ones, and students who enrol in courses, beside aggregates that do the same.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aggregate, Application, event, MemoryRecorder, type Recorder, type StoredEvent } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import { type Figure, rate } from './measure'

const joined = 'school:Course.StudentJoined'
const state = '{"timestamp":{"_type_":"datetime_iso","_data_":"2026-11-23T04:34:56.922529+00:00"},"student":"7"}'
let folder = ''
let files = 0
let ids = 0

/** A student who joins a course: there are 100 courses, and always other students. */
function next(): StoredEvent {
  const [student, course] = [`student:${++ids}`, `course:${ids % 100}`]
  return { aggregateId: student, version: 1, topic: joined, state, tags: [student, course] }
}

export async function* boundaries(): AsyncGenerator<Figure> {
  folder = mkdtempSync(join(tmpdir(), 'dog-school-bench-'))
  const stores: readonly [where: string, open: () => Recorder, appends: number, enrolments: number][] = [
    ['memory', () => new MemoryRecorder(), 20_000, 1000],
    ['file with fsync', () => sqlite(join(folder, `${++files}.db`)), 200, 40],
  ]
  try {
    for (const [where, open, appends, enrolments] of stores) {
      yield* growth(where, open, appends)
      yield* enrolment(where, open, enrolments)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Appends an event, under its condition or without. */
type Append = (recorder: Recorder, turn: number, isConditional: boolean) => Promise<unknown>

const ways: Readonly<Record<string, Append>> = {
  async 'append if nobody with both tags has joined'(recorder, _turn, isConditional) {
    const event = next()
    const failIfEventsMatch = [{ topics: [joined], tags: event.tags }]
    await recorder.append([event], isConditional ? { failIfEventsMatch } : {})
  },

  async 'read the last of a course, append if it still is'(recorder, turn, isConditional) {
    const failIfEventsMatch = [{ topics: [joined], tags: [`course:${turn % 100}`] }]
    const [newest] = await recorder.read(failIfEventsMatch, { descending: true, limit: 1 })
    await recorder.append([next()], isConditional ? { failIfEventsMatch, after: newest?.id } : {})
  },
}

async function* growth(where: string, open: () => Recorder, count: number): AsyncGenerator<Figure> {
  for (const size of [1_000, 100_000, 1_000_000]) {
    const recorder = open()
    for (let at = 0; at < size; at += 1000) await recorder.append(Array.from({ length: 1000 }, next))
    for (const [what, append] of Object.entries(ways)) {
      const timed = (isConditional: boolean) => async () => {
        // What was appended before is in the index already: each pays for its own events.
        await recorder.read([{ topics: [joined], tags: ['nobody'] }])
        return async () => {
          for (let turn = 0; turn < count; turn++) await append(recorder, turn, isConditional)
        }
      }
      yield await rate({
        what: `${what}, ${size.toLocaleString('en')} events, ${where}`,
        count,
        ours: timed(true),
        floor: { what: 'the same without a condition', work: timed(false) },
      })
    }
    await recorder.close()
  }
}

@event('Opened')
class Course extends Aggregate {
  readonly students = new Set<string>()
  constructor(readonly places: number) {
    super()
  }
  @event('StudentJoined')
  join(student: string) {
    if (this.students.size >= this.places) throw new Error('full')
    this.students.add(student)
  }
}

@event('Registered')
class Student extends Aggregate {
  readonly courses = new Set<string>()
  constructor(readonly name: string) {
    super()
  }
  @event('CourseJoined')
  join(course: string) {
    if (this.courses.size >= 5) throw new Error('too many')
    this.courses.add(course)
  }
}

/** Each student joins two of 10 courses. With tags it is one event; aggregates need one in each of the two. */
async function* enrolment(where: string, open: () => Recorder, count: number): AsyncGenerator<Figure> {
  const join = async (recorder: Recorder, student: string, course: string) => {
    const failIfEventsMatch = [
      { topics: [joined], tags: [course] },
      { topics: [joined], tags: [student] },
    ]
    const events = await recorder.read(failIfEventsMatch, { tagged: true })
    if (events.filter(({ tags }) => tags?.includes(student)).length >= 5) throw new Error('too many')
    if (events.filter(({ tags }) => tags?.includes(course)).length >= count) throw new Error('full')
    const event = { aggregateId: course, version: 0, topic: joined, state, tags: [student, course] }
    await recorder.append([event], { failIfEventsMatch, after: events.at(-1)?.id })
  }
  yield await rate({
    what: `enrol a student: read both boundaries, decide, append, ${where}`,
    unit: 'enrolments/s',
    count,
    ours: () => {
      const recorder = open()
      return async () => {
        for (let at = 0; at < count; at++) await join(recorder, `student:${at >> 1}`, `course:${at % 10}`)
        await recorder.close()
      }
    },
    floor: {
      what: 'aggregates: load two, decide, save both',
      work: async () => {
        const school = new Application(open(), { name: 'school', aggregates: [Course, Student] })
        const courses = Array.from({ length: 10 }, () => new Course(count))
        const students = Array.from({ length: count / 2 }, (_, at) => new Student(`${at}`))
        await school.save(...courses, ...students)
        return async () => {
          for (let at = 0; at < count; at++) {
            const course = await school.repository.get(Course, courses[at % 10]!.id)
            const student = await school.repository.get(Student, students[at >> 1]!.id)
            course.join(student.id)
            student.join(course.id)
            await school.save(course, student)
          }
          await school.close()
        }
      },
    },
  })
}
