/** What the page says in words: of the timelines, of a check, of a name that is given. */
import t from 'tap'
import { lessons } from '../../src/checkpoints/folders'
import { hintLines, report } from '../../src/course/report'
import { backTo, begun, codeOf, type History, type Played, played, timelineOf } from '../../src/notebook/history'
import {
  begunWith,
  type Lane,
  labelOf,
  lanesOf,
  pictureInWords,
  resolved,
  whichIsShown,
} from '../../src/notebook/page/beside/lanes'
import { sourceOf, whichLog, whyEmpty, whyNoState } from '../../src/notebook/page/beside/log-words'
import { cellState, gathered } from '../../src/notebook/page/cells/cell-state'
import { inWords } from '../../src/notebook/page/cells/moment'
import { saidThere, stillRunning, toSay } from '../../src/notebook/page/cells/said'
import { copied, forLink } from '../../src/notebook/page/keep/link'
import { alike } from '../../src/notebook/page/play/alike'
import { named } from '../../src/notebook/page/turn/names'
import { spokenOf } from '../../src/notebook/page/turn/spoken'
import { broughtIn, notBroughtIn, readBackName } from '../../src/notebook/page/visit/changes'
import { nowhere } from '../../src/notebook/page/visit/visit-state'
import { died, STOPPED, sameAgain, setAside } from '../../src/notebook/page/visit/visit-words'
import type { LogEntry, Shown } from '../../src/notebook/run'
import { lessonOnPage } from './terminal'

const entry = (position: number, piece = 0): LogEntry => ({
  position,
  version: position,
  name: 'TrickAdded',
  aggregateId: 'a',
  who: 'fido',
  payload: '{}',
  piece,
})

t.test('the timelines in words: one is the first, and how the others began', async (t) => {
  const lanes: readonly Lane[] = [
    { name: '1', log: [entry(1)] },
    { name: '2', log: [entry(1), entry(2)], from: { name: '1', events: 1 } },
    { name: 'junk.db', log: [entry(1, -1)] },
    { name: '3', log: [] },
  ]
  t.strictSame(pictureInWords(lanes, '2', 1).split(/(?<=\.) (?=Timeline)/), [
    'Timeline 1 is the first, and has TrickAdded.',
    'Timeline 2 left timeline 1 after event 1, and has TrickAdded of its own. It is shown, at event 1 of 2.',
    'Timeline junk.db begins with a database that was brought in, and has TrickAdded.',
    'Timeline 3 begins on an empty log, and has no event.',
  ])
})

t.test('of a timeline it is said which cell began it', async (t) => {
  const run = (piece: number, isCut?: true): Played => ({
    ...{ piece, seed: piece, time: 1 },
    outcome: { shown: [], asks: false, events: [entry(piece + 1, piece)], ...(isCut && { isCut }) },
  })
  const from = (timeline: string, runs: number) => ({ from: { timeline, runs } })
  const timelines = [
    { name: '1', runs: [run(0), run(1), run(2)] },
    { name: '2', runs: [run(0), run(1), run(2)], ...from('1', 1) },
    { name: '3', runs: [run(0), run(1), run(2, true)], ...from('2', 2) },
    { name: '4', runs: [] },
    { name: 'junk.db', runs: [], before: { store: '', events: [entry(1, -1)] } },
  ]
  const lanes = lanesOf({ ...begun(5, 'abc'), timelines })
  const by = (all: readonly Lane[]) => all.map((lane) => begunWith(lane, (piece) => `cell ${piece + 1}`))
  t.strictSame(by(lanes), ['an empty log', 'cell 2', 'cell 3, cut off', 'an empty log', 'a database'])
  t.strictSame(by(resolved(lanes)), by(lanes))
})

t.test('timelines keep their names when others are deleted, so it is said how many others there are', async (t) => {
  const lanes = (count: number): Lane[] => Array.from({ length: count }, (_, at) => ({ name: String(at + 5), log: [] }))
  t.equal(whichIsShown(lanes(2), '6'), 'timeline 6 is shown; one other')
  t.equal(whichIsShown(lanes(3), '7'), 'timeline 7 is shown; 2 others')
  t.equal(whichIsShown(lanes(2), 'dog-school-of-yesterday.db'), 'dog-schoo…erday.db is shown; one other')
})

t.test('a timeline is named where another one is shown than before, and no other is meant by it', async (t) => {
  const there = { lesson: 5, timeline: '2', log: [], at: 0, seen: 0 }
  t.strictSame(saidThere(there, { ...there, timeline: '1' }), { says: 'timeline 2: no events', isNews: true })
  t.strictSame(saidThere(there, there), { says: 'no events', isNews: false })
  const alone = { ...there, timeline: undefined }
  t.strictSame(saidThere(alone, there), { says: 'no events', isNews: false }, 'the others were deleted')
  t.strictSame(saidThere(there, alone), { says: 'no events', isNews: false }, 'it is no longer the only one')
  t.strictSame(saidThere(there, { ...there, lesson: 4, timeline: '1' }), { says: 'no events', isNews: false })
})

t.test('which log is shown is said, and why it is that one', async (t) => {
  t.equal(
    whichLog(undefined, undefined, 'cell 4'),
    'This is the log of `school`, because cell 4 was the last to save, and saved there. The others can be opened:',
  )
  t.equal(
    whichLog('monday and tuesday', undefined, 'cell 4'),
    'You have opened the log of `monday` and `tuesday`. The last to save was cell 4, in that of `school`.',
  )
  t.equal(
    whichLog(undefined, 'noon', 'cell 1'),
    'You have opened the log of `school`. The last to save was cell 1, in that of `noon`.',
  )
})

t.test('an empty log says what fills it, or in which lesson that begins', async (t) => {
  const all = lessons().map(({ number }) => lessonOnPage(number))
  for (const lesson of all)
    t.equal(
      whyEmpty(lesson, all),
      lesson.number < 5
        ? 'Nothing is saved in this lesson: saving begins in lesson 5.'
        : 'Nothing is saved yet. Run a cell: what it saves appears here.',
      `lesson ${lesson.number}`,
    )
  t.equal(whyEmpty(undefined, all), whyEmpty(all.at(-1), all), 'where there is no lesson')
  const last = { ...(all[0] as (typeof all)[number]), number: 8 }
  t.equal(whyEmpty(last, all), 'Nothing is saved in this lesson.', 'nor in any after it')
})

t.test('where no state is known, nothing is offered that cannot be done', async (t) => {
  t.match(whyNoState(undefined), { why: /have run again/, offer: 'Run them' })
  t.match(whyNoState(undefined, 'store'), { why: /^A cell made this store in memory, so /, offer: 'Run them' })
  t.match(whyNoState(undefined, 'class'), { why: /^A cell has a class in it, so /, offer: 'Run them' })
  t.match(whyNoState('here'), { why: /are in the database/, offer: 'Read them from there' })
  t.match(whyNoState('elsewhere'), { why: /is not in this browser: a link does not carry it/, offer: undefined })
})

t.test('a long name is short in the picture, and two of them are not one', async (t) => {
  const label = (name: string) => labelOf({ name })
  t.equal(label('python.db'), 'python.db')
  t.equal(label('dog-school-2026-12-01-1.db'), 'dog-schoo…-01-1.db')
  t.ok(label('dog-school-of-yesterday-1.db').length <= 18)
  t.not(label('dog-school-of-yesterday-1.db'), label('dog-school-of-yesterday-2.db'))
})

t.test(
  'a check is told in plain words, with the line that its hint points to; a further hint is told alone',
  async (t) => {
    const hints = new Map([
      ['late', ['Is the line above what `addTrick` does?', 'There.', '```ts\nthis.tricks.push(trick)\n```']],
    ])
    const asked = { lesson: 2, hints, level: 1, from: 'page' } as const
    const slip = {
      check: 'learns',
      hint: 'late',
      did: "fido.addTrick('sit')",
      came: "[ 'sit' ]",
      place: { file: 'dog.ts', line: 3, column: 7, code: 'if (', mark: 3 },
    }
    const lines = report({
      ...asked,
      folder: '',
      isNew: false,
      messages: new Map([['learns', 'He learns with `addTrick`.']]),
      printed: 'woof',
      next: undefined,
      verdict: { outcome: 'not yet', passed: [], slip },
    })
    t.equal(
      spokenOf(lines, []),
      "Not true yet: He learns with addTrick. ran: fido.addTrick('sit'). got: [ 'sit' ]. where: dog.ts:3:7: if (. Hint 1 of 3: Is the line above what addTrick does?",
    )
    const last = hintLines({ ...asked, level: 3 }, 'late')
    t.equal(spokenOf(lines, [last]), 'Hint 3 of 3: this.tricks.push(trick)')
  },
)

t.test('a file is TypeScript, or it is told why it cannot be', async (t) => {
  const taken = ['dog.ts']
  for (const [typed, name] of [
    ['school', 'school.ts'],
    [' school.ts ', 'school.ts'],
    ['school.test', 'school.test.ts'],
  ] as const)
    t.strictSame(named(typed, taken), { name })
  t.strictSame(named('cat.py', taken), { wrong: 'The files here are TypeScript, so a name ends in .ts: cat.ts?' })
  t.match(named('cat.js', taken), { wrong: 'cat.ts?' })
  t.strictSame(named('dog', taken), { wrong: 'There is a dog.ts already.' })
  for (const typed of ['', '../cat', 'a b', '.ts']) t.match(named(typed, taken), { wrong: 'A name has letters' })
})

t.test('a database that was chosen is told from one that was in a store of this browser', async (t) => {
  const before = { store: 'folder', events: [entry(1, -1)] }
  const chosen = broughtIn(begun(5, 'abc'), 'dogs.db', before)
  const read = broughtIn(begun(5, 'abc'), readBackName('1'), { ...before, of: '1' })
  const words = (history: typeof read) => {
    const lanes = lanesOf(history)
    const lane = lanes.at(-1) as Lane
    return [
      sourceOf(timelineOf(history, history.current).before),
      begunWith(lane, () => ''),
      pictureInWords(lanes, '1', 0),
    ]
  }
  t.match(words(chosen), ['brought in', 'a database', 'Timeline dogs.db begins with a database that was brought in,'])
  t.match(words(read), [
    'saved on timeline 1',
    'what 1 had saved',
    'Timeline 1, read back begins with what timeline 1 had saved, and has',
  ])
  for (const each of [chosen, read])
    t.throws(() => forLink(each), {
      message: 'A link cannot carry the database that this timeline begins with: save it',
    })
})

t.test('on a timeline that begins with a database, the cells have what was edited', async (t) => {
  const empty = begun(5, 'abc')
  const ran = (piece: number, code?: string): Played => ({
    ...{ piece, seed: piece, time: 1, outcome: { shown: [], asks: false, events: [] } },
    ...(code !== undefined && { code }),
  })
  const runs = [ran(0, '// first'), ran(1, '// second'), ran(2)]
  const history = { ...empty, timelines: [{ name: '1', runs }], drafts: { 1: null, 2: '// third' } }
  const after = broughtIn(history, 'dogs.db', { store: 'folder', events: [entry(1, -1)] })
  const codes = (each: History) => [0, 1, 2].map((piece) => codeOf(each, piece))
  t.strictSame(codes(history), ['// first', undefined, '// third'])
  t.strictSame(codes(after), codes(history))
  const drafts = (each: History) =>
    [0, 1, 2].map((piece) => cellState({ ...nowhere, history: each, hasStarted: true }, piece).isDraft)
  t.strictSame(drafts(backTo(after, '1')), drafts(history), 'and on the one before, they are what has run')
})

t.test('a file that is no database is called by its name, with what to choose instead', async (t) => {
  const why = ':memory: is not a SQLite database (or it is encrypted): name another file'
  t.equal(
    notBroughtIn('junk.db', why),
    'junk.db was not brought in: it is not a SQLite database (or it is encrypted): choose one that “Save the database” has written here, or npm start -- --db FILE in a terminal',
  )
})

t.test('what went wrong in a cell before is not told as if it had been stopped for it', async (t) => {
  const shown = [
    { tone: 'value', text: '1' },
    { tone: 'problem', text: 'TypeError' },
  ] as const
  const run = { piece: 0, seed: 1, time: 1, outcome: { shown, asks: false, events: [] } }
  const { history } = played(begun(2, 'a'), timelineOf(begun(2, 'a'), '1'), run)
  const state = { ...nowhere, history, hasStarted: true }
  t.strictSame(cellState(state, 0).shown, shown)
  const notes = new Map([[0, [{ tone: 'plain', text: 'Stopped.', isStop: true }]]] as const)
  t.strictSame(cellState({ ...state, notes }, 0).shown, shown.slice(0, 1))
  t.strictSame([cellState(state, 0).wasStopped, cellState({ ...state, notes }, 0).wasStopped], [false, true])
})

t.test('that a cell does the same again is said as long as it is true', async (t) => {
  const run = (piece: number, seed = piece): Played => ({
    ...{ piece, seed, time: 1 },
    outcome: { shown: [{ tone: 'value', text: '1' }], asks: false, events: [] },
  })
  const empty = begun(1, 'a')
  const timelines = [
    { name: '1', runs: [run(0), run(1)] },
    { name: '2', runs: [run(0, 7)], from: { timeline: '1', runs: 0 } },
  ]
  const notes = new Map([[1, sameAgain([{ tone: 'printed', text: 'tick', isLate: true }])]])
  const saidOn = (current: string, drafts = {}) =>
    cellState({ ...nowhere, hasStarted: true, notes, history: { ...empty, timelines, current, drafts } }, 1).notes.map(
      ({ text }) => text,
    )
  t.strictSame(saidOn('1'), ['tick', sameAgain([])[0]?.text])
  t.strictSame(saidOn('2'), ['tick'], 'a cell above it ran again')
  t.strictSame(saidOn('1', { 1: '2' }), ['tick'], 'it would run other code')
})

t.test('what was wrong with code that did not run goes with that code', async (t) => {
  const notes = new Map([[0, [{ tone: 'problem', text: 'This did not run', of: "'a" } as const]]])
  const saidOf = (drafts: History['drafts']) =>
    cellState({ ...nowhere, hasStarted: true, notes, history: { ...begun(1, 'a'), drafts } }, 0).notes.length
  t.strictSame([saidOf({ 0: "'a" }), saidOf({ 0: "'a'" }), saidOf({})], [1, 0, 0])
})

t.test('of a stopped cell it is said what is as before, and how much of it stays saved, and where', async (t) => {
  t.equal(STOPPED, 'Stopped. Everything here is as it was before this cell ran.')
  t.equal(died('why'), STOPPED.replace('Stopped.', 'What ran this cell has ended by itself (why).'))
  t.equal(setAside('2', 1), 'The event that it had saved before it was stopped is on timeline 2.')
  t.equal(setAside('2', 1963), 'The 1,963 events that it had saved before it was stopped are on timeline 2.')
})

t.test('of a cell that is half over where the slider is, it is said how far it is', async (t) => {
  t.equal(inWords({ happened: 1, events: 2 }), '1 of its 2 events has happened here')
  t.equal(inWords({ happened: 4, events: 5 }), '4 of its 5 events have happened here')
})

t.test('whoever comes back to a sentence that was broken elsewhere has the same one', (t) => {
  const came = (text: string) => ({ shown: [{ tone: 'problem', text }], asks: false, events: [] }) as const
  t.ok(alike(came('no such dog\nin this  school'), came('no such dog in this school')))
  t.notOk(alike(came('no such dog'), came('nosuch dog')))
  t.end()
})

t.test('what is printed late is one text, until something else is said', (t) => {
  const [one, two] = ['one', 'two'].map((text) => ({ tone: 'printed', text }) as const) as [Shown, Shown]
  const late = { tone: 'problem', text: 'late' } as const
  t.strictSame(gathered([one, two, late, two]), [{ tone: 'printed', text: 'one\ntwo' }, late, two])
  t.end()
})

t.test('of a cell, what has come of it is said once, with its name', async (t) => {
  const shown = [
    { tone: 'code', text: 'dog' },
    { tone: 'value', text: '→ `1`' },
    { tone: 'news', text: '+1 Registered' },
  ] as const
  const ready = { isBusy: false, saved: undefined, shown: [], notes: [], hasRun: false, asks: false, left: undefined }
  const busy = { ...ready, isBusy: true }
  const done = { ...ready, hasRun: true, shown }
  const say = (now: typeof done, last: typeof done) => toSay('cell 2', now, last, false)
  t.equal(say(done, { ...busy, hasRun: false, shown: [] as never }), 'cell 2: done: shows 1')
  t.equal(say(done, done), undefined, 'drawn again')
  t.equal(say({ ...done, shown: [...shown] as never }, done), '', 'on another timeline')
  t.equal(say({ ...done, asks: true }, { ...done, isBusy: true }), '', 'the question is heard, as it has the focus')
  t.equal(
    toSay('cell 2', { ...done, left: { timeline: '1', runs: 1 } }, busy, false),
    'cell 2: done: shows 1. A new timeline begins here; what cells below it show is out of date',
  )
  const after = (shown: readonly Shown[], left?: { timeline: string; runs: number }) =>
    toSay('cell 2', { ...done, shown, left }, busy, false)
  const begins = '. A new timeline begins here; what cells below it show is out of date'
  const left = { timeline: '1', runs: 1 }
  t.equal(after([]), 'cell 2: done')
  t.equal(after([], left), `cell 2: done${begins}`)
  const advised = [{ tone: 'problem', text: 'TypeError: no.\nPut `await` in front of it.' } as const, ...shown]
  t.equal(after(advised, left), `cell 2: failed: TypeError: no. Put await in front of it; shows 1${begins}`)
  t.equal(after(advised.slice(0, 1), left), `cell 2: failed: TypeError: no. Put await in front of it${begins}`)
  t.equal(
    after([{ tone: 'printed', text: 'line\n'.repeat(999) }, ...shown]),
    `cell 2: done: ${'line '.repeat(60)}… and more, in the cell; shows 1`,
    'what is long is not read out',
  )
  const notes = [{ tone: 'plain', text: 'Stopped.' }] as const
  t.equal(toSay('cell 2', { ...done, notes }, busy, false), 'cell 2: Stopped.')
  t.equal(
    toSay('cell 2', { ...done, notes: [...notes, { tone: 'printed', text: 'late' }] }, { ...done, notes }, false),
    'cell 2: late',
  )
  t.equal(toSay('cell 2', done, { ...done, notes }, false), '', 'it is put away')
  t.equal(toSay('cell 2', busy, busy, true), 'cell 2 is still running: it may be endless')
  const saving = (saved: number) => toSay('cell 2', { ...busy, saved }, busy, true)
  t.equal(saving(300), 'cell 2 is still running, and saving events')
  t.equal(saving(400), saving(300), 'no count is heard again and again')
})

t.test('of a cell that takes long it is seen how many events it has saved so far', async (t) => {
  t.strictSame(
    [stillRunning(false, undefined), stillRunning(true, undefined), stillRunning(false, 1), stillRunning(true, 1204)],
    [
      undefined,
      'still running: it may be endless',
      'still running: 1 event saved so far',
      'still running: 1,204 events saved so far',
    ],
  )
  const state = { ...nowhere, hasStarted: true, busy: new Set([1]), saved: { piece: 1, count: 7 } }
  t.strictSame([cellState(state, 1).saved, cellState(state, 2).saved], [7, undefined])
  t.equal(cellState({ ...state, busy: new Set() }, 1).saved, undefined, 'what is over says it otherwise')
})

t.test('of a link it is said what is in it, and what is not', async (t) => {
  const link = { length: 1234, longest: 8000, hasFiles: undefined, left: [] }
  t.equal(copied(link), 'Copied. It has 1,234 characters.')
  t.equal(copied({ ...link, hasFiles: true }), 'Copied, with the files of your exercise. It has 1,234 characters.')
  t.match(
    copied({ ...link, hasFiles: false }),
    'Copied, without the files of your exercise. It has 1,234 characters. With them it would be too long for many programs: “Download',
  )
  t.match(copied({ ...link, length: 8001 }), 'some programs cut such a link')
  t.match(copied({ ...link, left: ['junk.db'] }), 'does not travel with it (junk.db)')
})
