/** What is recorded during a campaign: each trick, each student and each note has a name of its own. */
import {
  Aggregate,
  Application,
  boundary,
  defineEvent,
  defineSlice,
  event,
  on,
  ProcessApplication,
  type Recorder,
  StoredProjection,
} from 'dog-school'

const TrickAdded = defineEvent('TrickAdded', ['trick'])
const Opened = defineEvent('CourseOpened', ['course', 'seats'], { tags: ({ course }) => [`course:${course}`] })
const Enrolled = defineEvent('Enrolled', ['course', 'student'], { tags: ({ course }) => [`course:${course}`] })

@event('Registered')
class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(id: string) {
    super({ id })
  }

  @event(TrickAdded)
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

/** A trick as the next event of a dog, whatever that one has learnt meanwhile. */
const addTrick = defineSlice({
  boundary: (_: { dog: string; trick: string }) => ({}),
  decide: (_, { dog, trick }) => TrickAdded.of({ trick }, dog),
})

@event('Noted')
class Note extends Aggregate {
  constructor(
    readonly trick: string,
    readonly position: number,
  ) {
    super()
  }
}

export const SEATS = 5

/** Enrols a student in a course, which is opened by whoever comes first. */
const enrol = defineSlice({
  boundary: ({ course }: { course: string; student: string }) => ({
    free: boundary<number | undefined>(undefined, `course:${course}`)
      .on(Opened, (_, { payload }) => Number(payload.seats))
      .on(Enrolled, (free) => (free ?? 0) - 1),
  }),
  decide({ free }, { course, student }) {
    if (free === undefined) return [Opened.of({ course, seats: SEATS }), Enrolled.of({ course, student })]
    if (free < 1) throw new FullError()
    return Enrolled.of({ course, student })
  },
})

export class FullError extends Error {}

export class School extends Application {
  constructor(recorder: Recorder) {
    super(recorder, { name: 'school', aggregates: [Dog] })
  }

  async enrol(course: string, student: string) {
    return positionsOf(await enrol.run(this, { course, student }))
  }

  /** Several tricks at once, as the dog's next versions that are known here. */
  async teach(id: string, tricks: readonly string[]) {
    const dog = (await this.repository.has(Dog, id)) ? await this.repository.get(Dog, id) : new Dog(id)
    for (const trick of tricks) dog.addTrick(trick)
    return this.save(dog)
  }

  /** As the dog's next version, whichever that is. */
  async addTrick(dog: string, trick: string) {
    if (!(await this.repository.has(Dog, dog))) return this.teach(dog, [trick])
    return positionsOf(await addTrick.run(this, { dog, trick }))
  }
}

const positionsOf = (events: readonly { readonly id: number }[]) => events.map(({ id }) => id)

/** Notes each trick once. */
export class Office extends ProcessApplication {
  constructor(recorder: Recorder) {
    super(recorder, { name: 'office', aggregates: [Note] })
    this.on(TrickAdded, ({ payload, id }, _work) => new Note(String(payload.trick), id))
  }
}

/** How many tricks each dog has, and its last one. */
export const lastTricks = (school: School) =>
  new StoredProjection<readonly [count: number, trick: string]>(school, {
    name: 'last tricks',
    form: '1',
    handlers: [
      on(TrickAdded, async (rows, { aggregateId, payload }) => {
        const [count] = (await rows.get(aggregateId)) ?? [0]
        rows.set(aggregateId, [count + 1, String(payload.trick)])
      }),
    ],
  })
