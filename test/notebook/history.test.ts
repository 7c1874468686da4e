/** A lesson's runs and timelines, by random programs of a reader. */
import * as fc from 'fast-check'
import t from 'tap'
import type { Piece } from '../../src/course/notebook'
import {
  answering,
  backTo,
  begun,
  cellsOf,
  codeOf,
  currentOf,
  edited,
  type History,
  isAnswered,
  type Plan,
  type Played,
  played,
  running,
  runOf,
  staleOf,
} from '../../src/notebook/history'
import { logOf, type OfStore, storesOf } from '../../src/notebook/log-of'
import { lanesOf } from '../../src/notebook/page/beside/lanes'
import { persistently } from '../../src/notebook/page/keep/persistently'
import { dividedAt } from '../../src/notebook/page/visit/changes'
import type { Outcome, Run } from '../../src/notebook/run'

const asking = new Set([2, 5])
/** Prose without a cell at 1, questions at 2 and 5. */
const pieces: readonly Piece[] = [0, 1, 2, 3, 4, 5].map((at) => ({
  prose: '',
  cell: at === 1 ? undefined : { text: `lesson ${at}`, steps: [], isPrediction: asking.has(at) },
}))
const cells = cellsOf(pieces)
const anything = { lesson: 5, hash: 'abc' }

let seeds = 0
const chance = () => ({ seed: ++seeds, time: 1000 + seeds })

/** Whether a cell asks for neither time nor chance: what it does, it does to the variables of the cells before it. */
const repeats = ({ piece, code }: Run): boolean => piece === 3 || code === 'a'

/** A worker without code: what it says and appends depends on all the runs before, and on nothing else. */
function outcomeOf(before: readonly Run[], run: Run): Outcome {
  const bare = (each: Run) => [each.piece, each.code, each.guess, ...(repeats(each) ? [] : [each.seed, each.time])]
  const asks = asking.has(run.piece) && run.code === undefined && run.guess === undefined
  const events = Array.from({ length: asks || repeats(run) ? 0 : run.seed % 3 }, (_, at) => ({
    position: before.length * 10 + at,
    version: 1,
    name: 'Happened',
    aggregateId: `dog ${run.seed % 2}`,
    who: `called ${run.seed}`,
    payload: JSON.stringify([...before.map(bare), bare(run)]),
    piece: run.piece,
  }))
  const shown = [{ tone: 'value', text: JSON.stringify([...before, run].map(bare)) } as const]
  return { shown, asks, events, ...(repeats(run) && { repeats: true }) }
}

/** Plays a plan, or as many of its runs as there is time for. */
function carriedOut(history: History, { on, runs }: Plan, most = Number.POSITIVE_INFINITY): History {
  let now = { history, on }
  for (const run of runs.slice(0, most))
    now = played(now.history, now.on, { ...run, outcome: outcomeOf(now.on.runs, run) })
  return now.history
}

const waits = (history: History) => currentOf(history).runs.at(-1)?.outcome?.asks === true

type Act =
  | { readonly do: 'run'; readonly cell: number }
  | { readonly do: 'stop'; readonly cell: number; readonly after: number }
  | { readonly do: 'answer'; readonly guess: string }
  | { readonly do: 'edit'; readonly cell: number; readonly code: string | null }
  | { readonly do: 'back'; readonly to: number }

const cell = fc.constantFrom(...cells)
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof<fc.Arbitrary<Act>[]>(
    fc.record({ do: fc.constant<'run'>('run'), cell }),
    fc.record({ do: fc.constant<'stop'>('stop'), cell, after: fc.nat(3) }),
    fc.record({ do: fc.constant<'answer'>('answer'), guess: fc.constantFrom('', '2') }),
    fc.record({ do: fc.constant<'edit'>('edit'), cell, code: fc.constantFrom(null, 'a', 'b') }),
    fc.record({ do: fc.constant<'back'>('back'), to: fc.nat(8) }),
  ),
  { maxLength: 30 },
)
const after = (history: History, each: Act): History => {
  switch (each.do) {
    case 'run':
      return carriedOut(history, running(history, pieces, each.cell, chance))
    case 'stop':
      return carriedOut(history, running(history, pieces, each.cell, chance), each.after)
    case 'answer':
      return waits(history) ? carriedOut(history, answering(history, each.guess)) : history
    case 'edit':
      return edited(history, each.cell, each.code)
    case 'back':
      return backTo(history, String(1 + (each.to % history.timelines.length)))
  }
}

/** Holds for the history after each act of a random reader, and the history before it. */
const always = (holds: (after: History, before: History) => boolean) =>
  fc.assert(
    fc.property(acts, (all) => {
      let history = begun(anything.lesson, anything.hash)
      for (const each of all) {
        const next = after(history, each)
        if (!holds(next, history)) return false
        history = next
      }
      return true
    }),
    { numRuns: 300 },
  )

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

t.test('played again, a timeline is what it was', async () => {
  always(({ timelines }) =>
    timelines.every(({ runs }) =>
      runs.every(({ outcome, ...run }, at) => same(outcomeOf(runs.slice(0, at), run), outcome)),
    ),
  )
})

t.test(
  'what a timeline has recorded stays: it is only added to, a question is answered, and a last run without events may run again',
  async () => {
    always((after, before) =>
      before.timelines.every(({ name, runs, from }, at) => {
        const now = after.timelines[at]
        return (
          now?.name === name &&
          same(now.from, from) &&
          runs.every(
            (run, at) =>
              now.runs[at] === run ||
              (run.outcome?.asks && now.runs[at]?.seed === run.seed) ||
              (at === runs.length - 1 && run.outcome?.events.length === 0 && now.runs[at]?.piece === run.piece),
          )
        )
      }),
    )
  },
)

t.test(
  'a cell that recorded nothing runs again in its place; one that recorded something begins a timeline',
  async (t) => {
    const outcome = (events: number) => ({ ...outcomeOf([], { piece: 0, seed: events, time: 1 }), asks: false })
    const after = (events: number) => {
      const history = begun(anything.lesson, anything.hash)
      return played(history, currentOf(history), { piece: 0, seed: events, time: 1, outcome: outcome(events) }).history
    }
    const again = (history: History) => running(history, pieces, 0, chance).on
    t.strictSame(again(after(0)), { name: '1', runs: [] })
    t.strictSame(again(after(1)), { name: '2', runs: [], from: { timeline: '1', runs: 0 } })
    const both = carriedOut(after(0), running(after(0), pieces, 2, chance))
    t.equal(again(both).name, '2', 'something has run after it, which stays')
    const shared = {
      ...after(0),
      timelines: [...after(0).timelines, { name: '2', runs: [], from: { timeline: '1', runs: 1 } }],
    }
    t.equal(again(shared).name, '3', 'another timeline shares it')
  },
)

/** The runs of a timeline with another one in place of that at `at`, and what comes of them now. */
function playedWith(runs: readonly Run[], at: number, run: Run): Played[] {
  const all = runs.map((each, place) => (place === at ? run : each))
  return all.map((each, place) => ({ ...each, outcome: outcomeOf(all.slice(0, place), each) }))
}

t.test('a cell that runs again unchanged makes no other cell stale, unless it may do something else now', async () => {
  let [kept, left] = [0, 0]
  always((history) => {
    const { runs } = currentOf(history)
    return runs.every(({ outcome: _, ...run }, at) => {
      if (history.drafts[run.piece] !== undefined || waits(history)) return true
      const next = carriedOut(history, running(history, pieces, run.piece, chance))
      const again = playedWith(runs, at, { ...run, ...chance() })
      const isSame = again.every(({ outcome }, place) => same(outcome, runs[place]?.outcome))
      const isStale = next.current !== history.current
      if (at < runs.length - 1) isSame ? kept++ : left++
      // What runs in its place has nothing below it.
      return isStale !== isSame || (at === runs.length - 1 && !isStale)
    })
  })
  t.ok(kept > 100 && left > 100, `both were tried: ${kept} and ${left} times`)
})

t.test('a fork shares exactly the runs before it', async () => {
  always((after, before) =>
    after.timelines.slice(before.timelines.length).every(({ from, runs }) => {
      const left = currentOf(before)
      return (
        from?.timeline === left.name &&
        same(runs.slice(0, from.runs), left.runs.slice(0, from.runs)) &&
        runs.length > from.runs &&
        runs[from.runs]?.piece === left.runs[from.runs]?.piece &&
        runs[from.runs]?.seed !== left.runs[from.runs]?.seed
      )
    }),
  )
})

t.test('the runs of a timeline are those of the first cells, each once, in the order of the text', async () => {
  always(({ timelines }) =>
    timelines.every(({ runs }) =>
      same(
        runs.map(({ piece }) => piece),
        cells.slice(0, runs.length),
      ),
    ),
  )
})

t.test('a cell that has shown something is there, or stale, on whatever timeline that came from this one', async () => {
  always((history) => {
    const stale = staleOf(history)
    const here = currentOf(history).runs
    const all: Played[] = [...here, ...stale.values()]
    return (
      here.every(({ piece }) => !stale.has(piece)) &&
      all.length === new Set(all.map(({ piece }) => piece)).size &&
      // Nothing becomes stale but what is behind.
      [...stale.keys()].every((piece) => cells.indexOf(piece) >= here.length)
    )
  })
})

t.test('a cell that has run, ran what it would run now, and has no draft', async () => {
  always((history) =>
    cells.every((piece) => {
      const next = carriedOut(history, running(history, pieces, piece, chance))
      return runOf(next, piece)?.code === codeOf(history, piece) && next.drafts[piece] === undefined
    }),
  )
})

t.test('what was stopped before its first outcome leaves no trace', async () => {
  always((history) =>
    cells.every((piece) => carriedOut(history, running(history, pieces, piece, chance), 0) === history),
  )
})

t.test('a history can be cloned, and kept as JSON', async () => {
  always((history) => same(structuredClone(history), history) && same(JSON.parse(JSON.stringify(history)), history))
})

t.test('a session of a reader', async (t) => {
  let history = begun(5, 'abc')
  const run = (piece: number) => {
    const plan = running(history, pieces, piece, chance)
    history = carriedOut(history, plan)
    return plan.runs.map(({ piece, guess, code }) => [piece, guess, code])
  }
  t.strictSame(run(2), [
    [0, undefined, undefined],
    [2, undefined, undefined],
  ])
  t.notOk(isAnswered(history, 2))
  t.strictSame(
    run(3),
    [
      [2, '', undefined],
      [3, undefined, undefined],
    ],
    'a question is answered by going on',
  )
  t.ok(isAnswered(history, 2))
  run(5)
  t.notOk(isAnswered(history, 5), 'it asks')
  t.equal(history.timelines.length, 1)
  history = carriedOut(history, answering(history, '7'))
  t.ok(isAnswered(history, 5))
  t.throws(() => answering(history, ''), { message: 'Nothing was asked' })
  const first = currentOf(history)

  t.match(
    running(history, pieces, 5, chance),
    { on: { name: '2' }, runs: [{ piece: 5, guess: '7' }] },
    'its answer is known',
  )

  history = edited(history, 3, 'mine')
  t.equal(codeOf(history, 3), 'mine')
  t.equal(runOf(history, 3)?.code, undefined)
  t.strictSame(run(3), [[3, undefined, 'mine']])
  t.strictSame(history.drafts, {}, 'it has run')
  t.equal(history.current, '2')
  t.strictSame(currentOf(history).from, { timeline: '1', runs: 2 })
  t.strictSame([...staleOf(history).keys()], [4, 5])
  t.ok(isAnswered(history, 5), 'what was answered once is no secret')
  t.strictSame(
    run(5),
    [
      [4, undefined, undefined],
      [5, undefined, undefined],
    ],
    'what is stale runs first',
  )
  t.strictSame(run(0), [[0, undefined, undefined]])
  t.strictSame([...staleOf(history).keys()], [2, 3, 4, 5])
  run(2)
  history = carriedOut(history, answering(history, '7'))
  run(0)
  t.strictSame(
    run(4),
    [
      [2, '7', undefined],
      [3, undefined, 'mine'],
      [4, undefined, undefined],
    ],
    'what was guessed before stands',
  )
  history = edited(history, 3, null)
  t.strictSame(history.drafts, { 3: null }, "back to the lesson's own text")
  t.equal(codeOf(history, 3), undefined)
  history = edited(history, 3, 'mine')
  t.strictSame(history.drafts, {}, 'as it ran')

  history = backTo(history, '1')
  t.equal(currentOf(history), first)
  t.strictSame([...staleOf(history).keys()], [])
  t.throws(() => backTo(history, '9'), { message: /^There is no timeline '9'/ })
  t.throws(() => running(history, pieces, 1, chance), { message: 'There is no cell in piece 1 of lesson 5' })
})

t.test('in the log, an aggregate is called as it was called last', async (t) => {
  const event = (position: number, aggregateId: string, who: string) => ({
    ...{ position, aggregateId, who },
    ...{ version: 1, name: 'Happened', payload: '', piece: 0 },
  })
  const run = (...events: ReturnType<typeof event>[]): Played => ({
    ...{ piece: 0, seed: 1, time: 1 },
    outcome: { shown: [], asks: false, events },
  })
  const runs = [run(event(1, 'a', 'fido')), run(event(2, 'b', 'b'), event(3, 'a', 'rex'))]
  t.strictSame(
    logOf({ name: '1', runs }).map(({ position, who }) => [position, who]),
    [
      [1, 'rex'],
      [2, 'b'],
      [3, 'rex'],
    ],
  )
})

t.test('where cells have stores of their own, the log is that of the last one', async (t) => {
  const event = (position: number, store?: string) => ({
    ...{ position, aggregateId: 'a', who: 'fido', version: 1, name: 'Happened', payload: '', piece: 0 },
    ...(store !== undefined && { store }),
  })
  const of = (...events: ReturnType<typeof event>[]) =>
    logOf({ name: '1', runs: [{ piece: 0, seed: 1, time: 1, outcome: { shown: [], asks: false, events } }] })
  t.strictSame(
    of(event(1), event(1, 'monday'), event(2), event(2, 'monday')).map(({ position }) => position),
    [1, 2],
  )
  t.strictSame(of(event(1, 'monday'), event(1)), [event(1)])
  const timeline = {
    name: '1',
    runs: [event(1), event(1, 'monday'), event(2, 'monday')].map(
      (each, piece): Played => ({
        ...{ piece, seed: piece, time: 1 },
        outcome: { shown: [], asks: false, events: [each] },
      }),
    ),
  }
  t.strictSame(storesOf(timeline), [undefined, 'monday'])
  t.strictSame(storesOf({ name: '1', runs: timeline.runs.slice(1) }), [undefined, 'monday'], 'empty as it may be')
  t.strictSame(logOf(timeline, { store: undefined }), [event(1)], 'another one can be opened')
  t.strictSame(logOf(timeline, { store: 'noon' }), [])
  const lengthOf = (one?: OfStore) => lanesOf({ ...begun(5, 'abc'), timelines: [timeline] }, one)[0]?.log.length
  t.strictSame([lengthOf(), lengthOf({ store: undefined })], [2, 1], 'and is drawn')
})

t.test(
  'where runs record something else when they are played again, a timeline leaves the one that it was',
  async (t) => {
    const from = (timeline: string, runs: number) => ({ from: { timeline, runs } })
    const run = (piece: number): Played => ({ piece, seed: piece, time: 0 })
    const runs = [run(0), run(2), run(3)]
    const history: History = { ...begun(5, 'abc'), timelines: [{ name: '1', runs }] }
    const divided = (name: string, at: number, left = {}) => {
      const after = dividedAt(history, { name, runs: runs.slice(0, 2), ...left }, runs, at)
      return [after.name, after.runs.length, after.from]
    }
    t.strictSame(divided('1', 1), ['2', 2, { timeline: '1', runs: 1 }])
    t.strictSame(
      divided('2', 1, from('1', 2)),
      ['2', 2, { timeline: '1', runs: 1 }],
      'one that is about to begin is it',
    )
  },
)

t.test('what cannot be read is read again, some times, with a pause between', async (t) => {
  const reading = async (failures: number, attempts?: number) => {
    const seen: string[] = []
    const read = async () => {
      seen.push('read')
      if (seen.filter((each) => each === 'read').length <= failures) throw new Error('somebody has it open')
      return 'what is there'
    }
    return [await persistently(read, attempts, async () => void seen.push('pause')), seen.join()]
  }
  t.strictSame(await reading(0), ['what is there', 'read'])
  t.strictSame(await reading(2), ['what is there', 'read,pause,read,pause,read'])
  t.strictSame(await reading(4), ['what is there', `${'read,pause,'.repeat(4)}read`])
  t.strictSame(await reading(5), [undefined, `${'read,pause,'.repeat(4)}read`], 'it does not go on for ever')
  t.strictSame(await reading(1, 1), [undefined, 'read'])
  let left = 1
  const once = async () => {
    if (left-- > 0) throw new Error('not yet')
    return left
  }
  t.equal(await persistently(once), -1, 'by itself, it waits for a moment')
})
