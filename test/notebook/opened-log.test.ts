/** The log that the reader has opened is open still when he comes back: it is the history that knows. */
import t from 'tap'
import { backTo, begun, edited, type History, type Played, played, timelineOf } from '../../src/notebook/history'
import { openedIn, withOpened } from '../../src/notebook/opened-log'
import { forLink } from '../../src/notebook/page/keep/link'
import { begunAgain, onlyCurrent } from '../../src/notebook/page/visit/changes'
import { stoppedAt } from '../../src/notebook/stops'

const run = (piece: number, ...stores: (string | undefined)[]): Played => ({
  ...{ piece, seed: piece, time: 1 },
  outcome: {
    shown: [],
    asks: false,
    events: stores.map((store, at) => ({
      ...{ position: at + 1, version: 1, name: 'Happened', aggregateId: 'a', who: 'fido', payload: '', piece },
      ...(store !== undefined && { store }),
    })),
  },
})
const empty = begun(7, 'abc')
const { history } = played(empty, timelineOf(empty, '1'), run(0, undefined, 'morning', 'noon'))
const opened = withOpened(history, { store: 'morning' })

t.test('it stays open until something runs, or another one is opened', async (t) => {
  t.equal(openedIn(history), undefined)
  for (const [what, after] of Object.entries({
    'it was opened': opened,
    'a cell is edited': edited(opened, 0, '1'),
    'a view is stopped': stoppedAt(opened, 'morning', 1),
    'the others are deleted': onlyCurrent(opened),
    'it is kept': structuredClone(opened),
    'it goes into a link': JSON.parse(JSON.stringify(forLink(opened))) as History,
    'another timeline was shown': backTo(begunAgain(opened), '1'),
  }))
    t.strictSame(openedIn(after), { store: 'morning' }, what)
  t.strictSame(openedIn(withOpened(opened, { store: undefined })), { store: undefined }, 'that of school, too')
  t.strictSame(withOpened(opened, undefined), history)
  const { history: after } = played(opened, timelineOf(opened, '1'), run(2, 'noon'))
  t.equal(openedIn(after), undefined, 'something runs')
})

t.test('on another timeline, and where there is no such log, none is open', async (t) => {
  t.equal(openedIn(begunAgain(opened)), undefined)
  t.equal(openedIn({ ...history, opened: { timeline: '1', store: 'evening' } }), undefined)
})
