/** A view that was stopped is where it was: it is the history that knows, and neither the page nor its worker. */
import t from 'tap'
import { backTo, begun, edited, type History, type Played, played, timelineOf } from '../../src/notebook/history'
import { forLink } from '../../src/notebook/page/keep/link'
import { begunAgain, onlyCurrent } from '../../src/notebook/page/visit/changes'
import { heldIn, stopIn, stoppedAt } from '../../src/notebook/stops'

const run = (piece: number, events: number, store?: string): Played => ({
  ...{ piece, seed: piece, time: 1 },
  outcome: {
    shown: [],
    asks: false,
    events: Array.from({ length: events }, (_, at) => ({
      ...{ position: at + 1, version: 1, name: 'Happened', aggregateId: 'a', who: 'fido', payload: '', piece },
      ...(store !== undefined && { store }),
    })),
  },
})
const empty = begun(5, 'abc')
const { history: long } = played(empty, timelineOf(empty, '1'), run(0, 6))
/** On a timeline of its own. */
const { history: short } = played(long, { name: '2', runs: [], from: { timeline: '1', runs: 0 } }, run(0, 3))
const stops = ({ stops }: History) => stops

t.test('whatever is done, it stays stopped, until it follows again', async (t) => {
  const stopped = stoppedAt(long, undefined, 4)
  t.equal(stopIn(long, undefined), undefined, 'without it, it follows')
  for (const [what, after] of Object.entries({
    'a cell runs': played(stopped, timelineOf(stopped, '1'), run(2, 1)).history,
    'another timeline is shown': backTo(stoppedAt(short, undefined, 4), '1'),
    'a cell is edited': edited(stopped, 0, '1'),
    'one begins again': begunAgain(stopped),
    'the others are deleted': onlyCurrent(stopped),
    'it is kept': structuredClone(stopped),
    'it goes into a link': forLink(stopped),
  }))
    t.equal(stopIn(after, undefined), 4, what)
  const moved = stoppedAt(stopped, undefined, 5)
  t.strictSame(stops(moved), [{ position: 5 }])
  t.strictSame(stops(stoppedAt(moved, undefined, undefined)), [])
})

t.test('of each log it is known by itself', async (t) => {
  const both = stoppedAt(stoppedAt(long, 'morning', 0), undefined, 4)
  t.strictSame([stopIn(both, 'morning'), stopIn(both, undefined), stopIn(both, 'noon')], [0, 4, undefined])
  t.strictSame(stops(stoppedAt(both, 'morning', undefined)), [{ position: 4 }])
})

t.test('on a shorter log it has read all, and on the longer one it goes on from there', async (t) => {
  const held = heldIn(stoppedAt(short, undefined, 4))
  t.equal(stopIn(held, undefined), 3)
  t.equal(stopIn(heldIn(backTo(held, '1')), undefined), 3)
  const fits = stoppedAt(short, undefined, 3)
  t.equal(heldIn(fits), fits)
  t.equal(heldIn(short), short)
  const none = stoppedAt(begunAgain(long), undefined, 4)
  t.equal(heldIn(none), none, 'where there is none, nothing has been read')
  const elsewhere = stoppedAt(played(long, timelineOf(long, '1'), run(2, 2, 'morning')).history, undefined, 4)
  t.equal(heldIn(elsewhere), elsewhere, 'it is of another log')
})
