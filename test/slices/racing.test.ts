/** Many decisions at once, in any order of their reads and writes: no rule is ever broken, and a broken store is seen. */
import assert from 'node:assert/strict'
import {
  type AppendOptions,
  Application,
  type EventQuery,
  MemoryRecorder,
  type ReadOptions,
  type Recorder,
  type StoredEvent,
} from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import fc from 'fast-check'
import t from 'tap'
import { CapacityChanged, CourseDefined, change, define, enrol, StudentEnrolled } from './courses'

type Command = (app: Application, attempts: number) => Promise<unknown>

const course = fc.constantFrom('c1', 'c2', 'c3', 'c4')
const student = fc.constantFrom('ann', 'bob', 'cid', 'dan')
const capacity = fc.integer({ min: 0, max: 3 })
const commands: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({ course, capacity }).map(
      (p): Command =>
        (app, attempts) =>
          define.run(app, p, { attempts, delay: 0 }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ course, capacity }).map(
      (p): Command =>
        (app, attempts) =>
          change.run(app, p, { attempts, delay: 0 }),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.record({ course, student }).map(
      (p): Command =>
        (app, attempts) =>
          enrol.run(app, p, { attempts, delay: 0 }),
    ),
  },
)

/** Waits at each read and append for some turns, so that the calls of several decisions meet in many ways. */
class Interleaved extends MemoryRecorder {
  #calls = 0
  constructor(readonly turns: readonly number[]) {
    super()
  }
  async #wait() {
    for (let turns = this.turns[this.#calls++ % this.turns.length] as number; turns > 0; turns--) await undefined
  }
  override async read(query: EventQuery, options?: ReadOptions) {
    await this.#wait()
    const found = await super.read(query, options)
    await this.#wait()
    return found
  }
  override async append(events: readonly StoredEvent[], options?: AppendOptions) {
    await this.#wait()
    return super.append(events, options)
  }
}

/** Plays the log, event by event, and fails at the first that breaks a rule. */
async function mustBeRight(app: Application): Promise<number> {
  const capacities = new Map<string, number>()
  const enrolled: { course: string; student: string }[] = []
  const log = await app.notificationLog.select()
  for (const event of log) {
    if (CourseDefined.is(event)) {
      assert.ok(!capacities.has(event.payload.course), 'a course is defined once')
      capacities.set(event.payload.course, event.payload.capacity)
    } else if (CapacityChanged.is(event)) {
      assert.notEqual(capacities.get(event.payload.course), event.payload.capacity, 'and its capacity really changed')
      capacities.set(event.payload.course, event.payload.capacity)
    } else if (StudentEnrolled.is(event)) {
      const { course, student } = event.payload
      const of = (key: 'course' | 'student', value: string) => enrolled.filter((each) => each[key] === value)
      assert.ok(of('course', course).length < (capacities.get(course) ?? 0), 'there is a place')
      assert.ok(of('student', student).length < 3, 'not more than 3 courses')
      assert.ok(!of('course', course).some((each) => each.student === student), 'once')
      enrolled.push(event.payload)
    }
  }
  return log.length
}

/** Runs all of the commands at once. Those that a rule or a conflict refuses are refused. */
async function play(recorder: Recorder, script: readonly Command[], attempts: number) {
  const app = new Application(recorder, { name: 'courses' })
  const before = await recorder.maxNotificationId()
  const outcomes = await Promise.allSettled(script.map((command) => command(app, attempts)))
  const reasons = outcomes.map((each) =>
    each.status === 'rejected' ? (each.reason.code ?? each.reason.message) : 'done',
  )
  const recorded = (await mustBeRight(app)) - before
  assert.ok(recorded <= reasons.filter((reason) => reason === 'done').length)
  return reasons
}

const scripts = fc.tuple(
  fc.array(fc.tuple(course, capacity), { minLength: 1, maxLength: 3 }),
  fc.array(commands, { minLength: 1, maxLength: 20 }),
)
const turns = fc.array(fc.nat(8), { minLength: 1, maxLength: 40 })
const begin = (courses: readonly (readonly [string, number])[]): Command[] =>
  courses.map(
    ([course, capacity]) =>
      (app, attempts) =>
        define.run(app, { course, capacity }, { attempts, delay: 0 }),
  )

const search = (open: (turns: readonly number[]) => Recorder, seen = new Map<string, number>(), endOnFailure = false) =>
  fc.check(
    fc.asyncProperty(scripts, turns, async ([courses, script], turns) => {
      const recorder = open(turns)
      await play(recorder, begin(courses), 1).catch(() => undefined)
      for (const reason of await play(recorder, script, 1)) seen.set(reason, (seen.get(reason) ?? 0) + 1)
    }),
    { numRuns: process.env.DOG_SCHOOL_LONG === '1' ? 3000 : 150, seed: 7, endOnFailure },
  )

t.test('whatever the order of reads and appends', async (t) => {
  const seen = new Map<string, number>()
  const { failed, counterexample, errorInstance } = await search((turns) => new Interleaved(turns), seen)
  t.notOk(failed, `${errorInstance} ${JSON.stringify(counterexample)}`)
  t.ok((seen.get('BOUNDARY_CONFLICT') ?? 0) > 50 && (seen.get('done') ?? 0) > 50, JSON.stringify([...seen]))
})

const broken: Readonly<Record<string, (turns: readonly number[]) => Recorder>> = {
  'that forgets the condition': (turns) =>
    new (class extends Interleaved {
      override append(events: readonly StoredEvent[]) {
        return super.append(events)
      }
    })(turns),
  'that takes the newest position for the last that was read': (turns) =>
    new (class extends Interleaved {
      override async append(events: readonly StoredEvent[], options: AppendOptions = {}) {
        return super.append(events, { ...options, after: await this.maxNotificationId() })
      }
    })(turns),
  'that looks only at the first item of the query': (turns) =>
    new (class extends Interleaved {
      override append(events: readonly StoredEvent[], options: AppendOptions = {}) {
        return super.append(events, { ...options, failIfEventsMatch: (options.failIfEventsMatch ?? []).slice(0, 1) })
      }
    })(turns),
  'that finds no tags': (turns) =>
    new (class extends Interleaved {
      override append(events: readonly StoredEvent[], options?: AppendOptions) {
        return super.append(
          events.map(({ tags: _, ...event }) => event),
          options,
        )
      }
    })(turns),
}
for (const [what, open] of Object.entries(broken))
  t.test(`a store ${what} is seen`, async (t) => {
    // What is broken on purpose needs no smallest example.
    const { errorInstance } = await search(open, undefined, true)
    t.match(errorInstance, { message: /^(a course is defined once|and its capacity|there is a place|not more|once)/ })
  })

t.test('in a file, with retries', async (t) => {
  const recorder = sqlite(`${t.testdir()}/races.db`)
  const app = new Application(recorder, { name: 'courses' })
  for (const course of ['c1', 'c2', 'c3', 'c4']) await define.run(app, { course, capacity: 2 })
  const all = ['c1', 'c2', 'c3', 'c4'].flatMap((course) =>
    ['ann', 'bob', 'cid', 'dan', 'eve'].map(
      (student): Command =>
        (app) =>
          enrol.run(app, { course, student }, { attempts: 100, delay: 1 }),
    ),
  )
  const outcomes = await play(recorder, all, 1)
  t.equal(outcomes.filter((outcome) => outcome === 'done').length, 8, 'every place was taken, and none twice')
  t.equal(await mustBeRight(app), 12)
  await app.close()
})
