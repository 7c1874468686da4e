/**
 * Searches for an order of saves, steps, failures, restarts, rebuilds and looks at the past in which a view is not what
 * the events up to its position make of it.
 */
import { MemoryRecorder, on, Projection, type Recorder, StoredProjection } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import fc from 'fast-check'
import t from 'tap'
import { VolatileDisk } from '../recorders/crash/volatile-disk'
import { Learnt, Lost, open, Pup } from './kennel'

type Row = { readonly count: number; readonly last: number }
type Fact = readonly [position: number, name: 'Learnt' | 'Lost', trick: string]

/** What events make of a view: written apart from the handlers. */
function fold(facts: readonly Fact[], position: number): string {
  const rows: Record<string, Row> = {}
  for (const [at, name, trick] of facts) {
    if (at > position) continue
    const before = rows[trick]
    if (name === 'Lost') delete rows[trick]
    else rows[trick] = { count: (before?.count ?? 0) + 1, last: at }
    if (name === 'Learnt' && trick === 'c') for (const other of Object.keys(rows)) if (other > 'c') delete rows[other]
  }
  return JSON.stringify(Object.entries(rows).sort(([one], [other]) => (one < other ? -1 : 1)))
}

interface Seen {
  readonly position: number
  catchUp(): Promise<unknown>
  step(): Promise<readonly { id: number }[]>
  seen(position: number): Promise<unknown>
  rebuild(options?: { signal?: AbortSignal; onProgress?(): void }): Promise<unknown>
  at(position: number): Promise<unknown>
  start(): unknown
  stop(): Promise<void>
  readonly view: unknown
}

const show = async (view: unknown): Promise<string> => {
  const rows: unknown[] = []
  for await (const row of view as AsyncIterable<unknown>) rows.push(row)
  rows.sort((one, other) => ((one as [string])[0] < (other as [string])[0] ? -1 : 1))
  return JSON.stringify(rows)
}

/** The handlers fail at these positions as long as they are here. */
type Failing = Set<number>
const mayFail = (failing: Failing, position: number): void => {
  if (failing.has(position)) throw new Error('down')
}

const inMemory = (recorder: Recorder, failing: Failing): Seen =>
  new Projection(
    open(recorder).notificationLog,
    () => new Map<string, Row>(),
    [
      on(Learnt, (rows, { payload, id }) => {
        const trick = String(payload.trick)
        rows.set(trick, { count: (rows.get(trick)?.count ?? 0) + 1, last: id })
        mayFail(failing, id)
        if (trick === 'c') for (const key of [...rows.keys()]) if (key > 'c') rows.delete(key)
      }),
      on(Lost, async (rows, { payload, id }) => {
        rows.delete(String(payload.trick))
        await null
        mayFail(failing, id)
      }),
    ],
    { onProblem: () => undefined },
  )

const stored = (recorder: Recorder, failing: Failing): Seen =>
  new StoredProjection<Row>(open(recorder), {
    ...{ name: 'rows', form: '1', onProblem: () => undefined },
    handlers: [
      on(Learnt, async (rows, { payload, id }) => {
        const trick = String(payload.trick)
        rows.set(trick, { count: ((await rows.get(trick))?.count ?? 0) + 1, last: id })
        mayFail(failing, id)
        if (trick === 'c') for await (const [key] of rows.entries({ after: 'c' })) rows.delete(key)
      }),
      on(Lost, (rows, { payload, id }) => {
        rows.delete(String(payload.trick))
        mayFail(failing, id)
      }),
    ],
  })

type Act =
  | {
      readonly do: 'save'
      readonly tricks: readonly (readonly [isLost: boolean, trick: string])[]
      readonly waits: boolean
    }
  | {
      readonly do: 'catchUp' | 'step' | 'rebuild' | 'seen' | 'start' | 'stop' | 'another' | 'restart' | 'kill' | 'leave'
    }
  | { readonly do: 'at'; readonly share: number }
  | { readonly do: 'fail'; readonly ahead: number }
  | { readonly do: 'repair' }

const trick = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('save' as const),
      tricks: fc.array(fc.tuple(fc.boolean(), trick), { minLength: 1, maxLength: 8 }),
      waits: fc.boolean(),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('catchUp', 'step', 'rebuild', 'seen', 'start', 'stop', 'another', 'restart', 'kill', 'leave'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('at' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail' as const), ahead: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repair' as const) }) },
)

interface Stage {
  readonly make: (recorder: Recorder, failing: Failing) => Seen
  readonly open: (disk: VolatileDisk) => Recorder
  /** Another process finds what there is. */
  readonly lasts: boolean
}
const stages: Readonly<Record<string, Stage>> = {
  'in memory': { make: inMemory, open: () => new MemoryRecorder(), lasts: false },
  'stored in memory': { make: stored, open: () => new MemoryRecorder(), lasts: false },
  'stored in a file': { make: stored, open: (disk) => sqlite('a.db', { disk }), lasts: true },
  'in memory, of a file': { make: inMemory, open: (disk) => sqlite('a.db', { disk }), lasts: true },
}

async function play({ make, open: enter, lasts }: Stage, acts: readonly Act[]): Promise<void> {
  let disk = new VolatileDisk()
  let recorder = enter(disk)
  const failing: Failing = new Set()
  const facts: Fact[] = []
  let newest = 0
  let views = [make(recorder, failing)]
  const mayBeDown = (error: { code?: string }): void => {
    if (error.code !== 'HANDLER_FAILED' && error.code !== 'VIEW_CONFLICT') throw error
  }
  for (const [i, each] of acts.entries()) {
    const view = views[i % views.length] as Seen
    switch (each.do) {
      case 'save': {
        const pup = new Pup()
        for (const [isLost, name] of each.tricks) isLost ? pup.lose(name) : pup.learn(name)
        const positions = await open(recorder).save(pup)
        newest = positions.at(-1) as number
        for (const [at, [isLost, name]] of each.tricks.entries())
          facts.push([positions[at + 1] as number, isLost ? 'Lost' : 'Learnt', name])
        if (each.waits) await view.seen(newest).catch(mayBeDown)
        break
      }
      case 'seen':
        await view.seen(newest).catch(mayBeDown)
        break
      case 'at': {
        const position = Math.round(each.share * newest)
        const past = await view.at(position).then(show, mayBeDown)
        if (past !== undefined && past !== fold(facts, position)) throw new Error(`at ${position}: ${past}`)
        break
      }
      case 'fail':
        failing.add(newest + each.ahead)
        break
      case 'repair':
        failing.clear()
        break
      case 'another':
        if (views.length < 3) views.push(make(recorder, failing))
        break
      case 'restart':
      case 'kill':
        if (!lasts) break
        await Promise.all(views.map((view) => view.stop()))
        if (each.do === 'restart') await recorder.close()
        else disk = disk.afterKill()
        recorder = enter(disk)
        views = [make(recorder, failing)]
        break
      case 'leave': {
        const left = new AbortController()
        const leave = {
          signal: left.signal,
          onProgress: () => left.abort(Object.assign(new Error('left'), { code: 'VIEW_CONFLICT' })),
        }
        await view.rebuild(leave).catch(mayBeDown)
        break
      }
      case 'start':
        view.start()
        break
      default: {
        const { position } = view
        const result = await view[each.do]().catch(mayBeDown)
        const [first] = each.do === 'step' && Array.isArray(result) ? result : []
        if (first && first.id <= position && views.length === 1) throw new Error('a step went back')
      }
    }
    // None moves what is stored between the look at its position and the look at its rows.
    await Promise.all(views.map((view) => view.stop()))
    // What is stored may be ahead of what an object knows, if others moved it.
    for (const view of views) {
      const known = stateOf(view) ? ((await recorder.viewState('rows'))?.position ?? 0) : view.position
      const [found, wanted] = [await show(view.view), fold(facts, known)]
      if (found !== wanted) throw new Error(`after ${each.do}: ${found} is not ${wanted}, at ${known}`)
    }
  }
  failing.clear()
  for (const view of views) {
    await view.catchUp()
    if ((await show(view.view)) !== fold(facts, newest)) throw new Error('at the end')
  }
  await recorder.close()
}
const stateOf = (view: Seen): boolean => view instanceof StoredProjection

const isLong = process.env.DOG_SCHOOL_LONG === '1'
for (const [name, stage] of Object.entries(stages))
  t.test(`a view ${name} is what the events up to its position make of it`, { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), (acts) => play(stage, acts)),
      { numRuns: isLong ? 3000 : stage.lasts ? 15 : 40 },
    )
  })
t.setTimeout(600_000)
