/** Stored views: rows and a position that move together, one writer after the other. */
import { cases } from './cases'
import { state, step, whole } from './view-steps'

const conflict = { code: 'VIEW_CONFLICT' }

export const views = cases({
  'has no view at first': async (t, recorder) => {
    t.strictSame(await whole(recorder), [undefined, []])
    await recorder.dropView('tricks')
    t.strictSame(await whole(recorder), [undefined, []])
  },

  'keeps the rows of a view, how far it is and what it belongs to': async (t, recorder) => {
    await recorder.saveView(step(0, 3, [['sit', '1']]))
    t.strictSame(await whole(recorder), [{ position: 3, ...state }, [['sit', '1']]])
    await recorder.saveView(step(3, 9, [['beg', '1']]))
    t.strictSame((await recorder.viewState('tricks'))?.position, 9)
    t.equal(await recorder.maxNotificationId(), 0, 'a view is not an event')
  },

  'keeps a view without rows': async (t, recorder) => {
    await recorder.saveView(step(0, 0))
    t.strictSame(await whole(recorder), [{ position: 0, ...state }, []])
    await recorder.saveView(step(0, 5))
    t.strictSame(await whole(recorder), [{ position: 5, ...state }, []])
  },

  'sets, replaces and deletes rows of a view; of several with one key the last counts': async (t, recorder) => {
    await recorder.saveView(
      step(0, 1, [
        ['beg', '1'],
        ['roll', '1'],
        ['sit', '1'],
      ]),
    )
    await recorder.saveView(
      step(1, 2, [
        ['sit', '2'],
        ['beg', undefined],
        ['nothing', undefined],
        ['roll', undefined],
        ['roll', '3'],
        ['dig', '1'],
        ['dig', undefined],
        ['sit', '4'],
      ]),
    )
    t.strictSame(await recorder.viewRows('tricks'), [
      ['roll', '3'],
      ['sit', '4'],
    ])
  },

  'refuses a step of a view that does not follow on, and keeps nothing of it': async (t, recorder) => {
    await recorder.saveView(step(0, 3, [['sit', '1']]))
    const before = await whole(recorder)
    const rows = [['sit', '2']] as const
    await t.rejects(recorder.saveView(step(0, 3, rows)), conflict, 'a step that was taken')
    await t.rejects(recorder.saveView(step(2, 5, rows)), conflict, 'from before')
    await t.rejects(recorder.saveView(step(4, 5, rows)), conflict, 'from beyond')
    await t.rejects(recorder.saveView(step(3, 5, rows, { build: 'second' })), conflict, 'of another build')
    await t.rejects(recorder.saveView(step(1, 5, rows, { view: 'other' })), conflict, 'of a view that is not there')
    t.strictSame(await whole(recorder), before)
    t.equal(await recorder.viewState('other'), undefined)
    await recorder.saveView(step(3, 5, rows))
  },

  'lets exactly one of fifty writers of one step of a view win': async (t, recorder) => {
    await recorder.saveView(step(0, 1))
    const steps = Array.from({ length: 50 }, (_, i) => recorder.saveView(step(1, 2 + i, [[`row ${i}`, `${i}`]])))
    const settled = await Promise.allSettled(steps)
    const lost = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []))
    t.strictSame(lost, Array(49).fill('VIEW_CONFLICT'))
    const won = settled.findIndex(({ status }) => status === 'fulfilled')
    t.strictSame(await whole(recorder), [{ position: 2 + won, ...state }, [[`row ${won}`, `${won}`]]])
  },

  'lets writers of fifty views all win': async (t, recorder) => {
    const names = Array.from({ length: 50 }, (_, i) => `view ${i}`)
    await Promise.all(names.map((view, i) => recorder.saveView(step(0, i, [['n', view]], { view }))))
    for (const [i, view] of names.entries())
      t.strictSame(await whole(recorder, view), [{ position: i, ...state }, [['n', view]]])
  },

  'changes views in the order of the calls, nobody waiting': async (t, recorder) => {
    const next = { view: 'next', build: 'second' }
    await Promise.all([
      recorder.saveView(step(0, 3, [['sit', '1']])),
      recorder.saveView(step(0, 5, [['beg', '1']], next)),
      recorder.saveView(step(3, 4, [['sit', '2']])),
      recorder.swapView('next', 'tricks'),
      recorder.saveView(step(5, 6, [['roll', '1']], { build: 'second' })),
      recorder.saveView(step(0, 1, [['dig', '1']], { ...next, build: 'third' })),
      recorder.dropView('next'),
      t.rejects(recorder.swapView('next', 'tricks'), conflict),
    ])
    t.strictSame(await whole(recorder), [
      { position: 6, ...state, build: 'second' },
      [
        ['beg', '1'],
        ['roll', '1'],
      ],
    ])
    t.strictSame(await whole(recorder, 'next'), [undefined, []])
  },

  'gives a view another name, in place of the view that has it': async (t, recorder) => {
    await recorder.saveView(step(0, 3, [['sit', 'old']]))
    await recorder.saveView(step(0, 2, [['beg', 'new']], { view: 'next', build: 'second', form: '2' }))
    await recorder.swapView('next', 'tricks')
    const built = { position: 2, ...state, build: 'second', form: '2' }
    t.strictSame(await whole(recorder), [built, [['beg', 'new']]])
    t.strictSame(await whole(recorder, 'next'), [undefined, []])
    await t.rejects(recorder.saveView(step(3, 4, [['sit', 'older']])), conflict, 'whoever wrote the old one is told')
    await t.rejects(recorder.swapView('next', 'tricks'), conflict, 'there is no such view')
    await recorder.swapView('tricks', 'tricks')
    await recorder.swapView('tricks', 'free')
    t.strictSame(await whole(recorder, 'free'), [built, [['beg', 'new']]])
    t.strictSame(await whole(recorder), [undefined, []])
  },

  'removes a view with its rows, and no other': async (t, recorder) => {
    await recorder.saveView(step(0, 3, [['sit', '1']]))
    await recorder.saveView(step(0, 3, [['sit', '2']], { view: 'others' }))
    await recorder.dropView('tricks')
    t.strictSame(await whole(recorder), [undefined, []])
    t.strictSame(await whole(recorder, 'others'), [{ position: 3, ...state }, [['sit', '2']]])
    await recorder.saveView(step(0, 1))
    t.strictSame(await recorder.viewRows('tricks'), [])
  },

  'refuses every call about views after it is closed': async (t, recorder) => {
    await recorder.saveView(step(0, 1))
    await recorder.close()
    const closed = { code: 'CLOSED' }
    await t.rejects(recorder.viewState('tricks'), closed)
    await t.rejects(recorder.viewRows('tricks'), closed)
    await t.rejects(recorder.saveView(step(1, 2)), closed)
    await t.rejects(recorder.swapView('tricks', 'others'), closed)
    await t.rejects(recorder.dropView('tricks'), closed)
  },
})
