/** What a stopped run had saved is kept from the moment that it is stopped, and shown when it has been read. */
import t from 'tap'
import {
  begun,
  currentOf,
  type History,
  isUnread,
  type Played,
  played,
  running,
  type Timeline,
  timelineOf,
  withTimeline,
} from '../../src/notebook/history'
import { lanesOf } from '../../src/notebook/page/beside/lanes'
import { forLink } from '../../src/notebook/page/keep/link'
import { asideOf, readOff } from '../../src/notebook/page/visit/changes'
import { lessonOnPage } from './terminal'

const event = (position: number, piece: number) => ({
  ...{ position, version: position, name: 'TrickAdded', aggregateId: 'a', who: 'fido', payload: '', piece },
})
const { pieces } = lessonOnPage(5)
const [first, second] = [...pieces.entries()].flatMap(([at, { cell }]) => (cell ? [at] : [])) as [number, number]
let seed = 0
const chance = () => ({ seed: ++seed, time: 1 })
const empty = begun(5, 'abc')
const ran: Played = {
  ...{ piece: first, seed: 9, time: 1 },
  outcome: { shown: [], asks: false, events: [event(1, first)] },
}
const { history } = played(empty, timelineOf(empty, '1'), ran)

/** The history in which the run of this cell is stopped, and the timeline that it leaves. */
function stopped(history: History, piece: number): { readonly history: History; readonly aside: Timeline } {
  const { on, runs } = running(history, pieces, piece, chance)
  const aside = asideOf(history, { on, run: runs.at(-1) as Played })
  return { history: withTimeline(history, aside), aside }
}

t.test('a new cell that is stopped leaves a timeline behind, on which nobody is', async (t) => {
  const { history: after, aside } = stopped(history, second)
  t.match(aside, { name: '2', from: { timeline: '1', runs: 1 }, runs: [{ seed: 9 }, { piece: second }] })
  t.equal(currentOf(after), currentOf(history), 'it goes on as if nothing had been')
  t.strictSame(
    after.timelines.map((each) => isUnread(each)),
    [false, true],
  )
  t.equal(isUnread(timelineOf(empty, '1')), false, 'where nothing has run, nothing is to be read')
})

t.test('a cell that was run again was on a timeline of its own already', async (t) => {
  const { aside } = stopped(history, first)
  t.match(aside, { name: '2', from: { timeline: '1', runs: 0 }, runs: [{ piece: first }] })
})

t.test('until it has been read, it is neither drawn nor in a link; but its name is taken', async (t) => {
  const once = stopped(history, second)
  const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name)
  t.strictSame(names(lanesOf(once.history)), ['1'])
  t.strictSame(names(forLink(once.history).timelines), ['1'])
  const twice = stopped(once.history, second)
  t.strictSame(names(twice.history.timelines), ['1', '2', '3'])
  t.equal(running(twice.history, pieces, first, chance).on.name, '4')
  const read = [once, twice].reduce((all, { aside }) => readOff(all, aside, [event(2, second)]), twice.history)
  t.strictSame(names(lanesOf(read)), ['1', '2', '3'])
})

t.test('what it had saved is on it, and it says that it was stopped; without that, it is gone', async (t) => {
  const { history: after, aside } = stopped(history, second)
  const read = readOff(after, aside, [event(2, second), event(3, second)])
  t.match(timelineOf(read, '2').runs, [
    { seed: 9 },
    {
      outcome: {
        isCut: true,
        events: [{ position: 2 }, { position: 3 }],
        shown: [{ text: /^This cell was stopped\./ }],
      },
    },
  ])
  t.equal(timelineOf(read, '2').runs.length, 2)
  t.strictSame(readOff(after, aside, []), history)
})
