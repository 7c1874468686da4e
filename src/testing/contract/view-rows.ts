/** The rows of stored views: any keys and values, in order, and none that a store would change. */
import type { ViewValue } from '../../port/view-store'
import { cases } from './cases'
import { step, whole } from './view-steps'

const keys = async (rows: Promise<[string, ViewValue][]>) => (await rows).map(([key]) => key)

export const viewRows = cases({
  'lists the rows of a view in the order of code points, by pages': async (t, recorder) => {
    const ordered = ['', ' ', 'Sit', 'a', 'aa', 'ab', 'b', 'é', '犬', '\uffee', '🐕', '🐕a']
    await recorder.saveView(
      step(
        0,
        1,
        ordered.toReversed().map((key) => [key, key]),
      ),
    )
    t.strictSame(await keys(recorder.viewRows('tricks')), ordered)
    t.strictSame(await keys(recorder.viewRows('tricks', { limit: 2 })), ['', ' '])
    t.strictSame(await keys(recorder.viewRows('tricks', { after: '', limit: 2 })), [' ', 'Sit'])
    t.strictSame(await keys(recorder.viewRows('tricks', { after: 'aa' })), ordered.slice(5))
    t.strictSame(await keys(recorder.viewRows('tricks', { after: 'aaa' })), ordered.slice(5))
    t.strictSame(await keys(recorder.viewRows('tricks', { after: '\uffee' })), ['🐕', '🐕a'])
    t.strictSame(await keys(recorder.viewRows('tricks', { after: '🐕a' })), [])
    for (const limit of [0, -1]) t.strictSame(await keys(recorder.viewRows('tricks', { limit })), [])
    await recorder.saveView(
      step(1, 2, [
        ['ab', undefined],
        ['ac', '1'],
      ]),
    )
    t.strictSame(await keys(recorder.viewRows('tricks', { after: 'aa', limit: 2 })), ['ac', 'b'])
  },

  'reads the rows of a view with these keys': async (t, recorder) => {
    await recorder.saveView(
      step(
        0,
        1,
        ['a', 'b', 'c', 'd'].map((key) => [key, key]),
      ),
    )
    t.strictSame(await recorder.viewRows('tricks', { keys: ['b'] }), [['b', 'b']])
    t.strictSame(await keys(recorder.viewRows('tricks', { keys: ['d', 'x', 'a', 'd'] })), ['a', 'd'])
    t.strictSame(await keys(recorder.viewRows('tricks', { keys: ['d', 'b', 'a'], after: 'a', limit: 1 })), ['b'])
    t.strictSame(await recorder.viewRows('tricks', { keys: [] }), [])
    t.strictSame(await recorder.viewRows('others', { keys: ['a'] }), [])
  },

  'keeps any text and any bytes unchanged, in the keys and values of views': async (t, recorder) => {
    const odd = ["Fido's", '"Rex"', 'two\nlines', '犬 🐕‍🦺', 'e\u0301', '\u00e9', '', '{"base64":"AA"}']
    const rows = odd.map((text): [string, string] => [text, text])
    await recorder.saveView(step(0, 1, rows))
    for (const [key, value] of rows) t.strictSame(await recorder.viewRows('tricks', { keys: [key] }), [[key, value]])
    t.strictSame((await recorder.viewRows('tricks')).sort(), rows.toSorted())
    await recorder.saveView(step(1, 2, [['bytes', Uint8Array.of(0, 255, 128, 10)]]))
    const [[, bytes] = []] = await recorder.viewRows('tricks', { keys: ['bytes'] })
    t.ok(bytes instanceof Uint8Array)
    t.strictSame([...(bytes as Uint8Array)], [0, 255, 128, 10])
    for (const name of odd) {
      await recorder.saveView(step(0, 1, [['n', name]], { view: `v${name}`, form: name, logId: name, build: name }))
      const state = { position: 1, form: name, logId: name, build: name }
      t.strictSame(await whole(recorder, `v${name}`), [state, [['n', name]]])
    }
  },

  'refuses what a store would change, in names, keys and values of views, and positions that are none': async (
    t,
    recorder,
  ) => {
    for (const odd of ['half \ud83d of a dog', '\udc15', '\ufeffa mark', 'a null \u0000 character']) {
      for (const part of ['view', 'form', 'logId', 'build'])
        await t.rejects(recorder.saveView(step(0, 1, [], { [part]: odd })), TypeError, part)
      await t.rejects(recorder.saveView(step(0, 1, [[odd, '1']])), TypeError, 'key')
      await t.rejects(recorder.saveView(step(0, 1, [['a', odd]])), TypeError, 'value')
      await t.rejects(recorder.swapView('tricks', odd), TypeError, 'new name')
      await t.rejects(recorder.viewRows('tricks', { keys: [odd] }), TypeError, 'key asked for')
    }
    for (const [after, position] of [
      [0, 1.5],
      [-1, 1],
      [2, 1],
      [0, Infinity],
    ] as const)
      await t.rejects(recorder.saveView(step(after, position)), TypeError, `${after} to ${position}`)
    await t.rejects(recorder.viewRows('tricks', { limit: Number.NaN }), TypeError)
    t.strictSame(await whole(recorder), [undefined, []])
  },

  'is not changed when a step of a view, or what was read of one, is changed afterwards': async (t, recorder) => {
    const bytes = Uint8Array.of(1, 2, 3)
    const rows: [string, ViewValue][] = [['a', bytes]]
    const saved = recorder.saveView(step(0, 1, rows))
    bytes[0] = 9
    rows.push(['b', '1'])
    await saved
    const [[, read] = []] = await recorder.viewRows('tricks')
    ;(read as Uint8Array)[1] = 9
    Object.assign((await recorder.viewState('tricks')) ?? {}, { position: 7 })
    const [again, ...more] = await recorder.viewRows('tricks')
    t.strictSame(again, ['a', Uint8Array.of(1, 2, 3)])
    t.strictSame(more, [])
    t.equal((await recorder.viewState('tricks'))?.position, 1)
  },

  'keeps 5,000 rows in one step of a view': async (t, recorder) => {
    const rows = Array.from({ length: 5000 }, (_, i): [string, string] => [String(10_000 + i), `${i}`])
    await recorder.saveView(step(0, 1, rows))
    t.strictSame(await recorder.viewRows('tricks'), rows)
    await recorder.saveView(
      step(
        1,
        2,
        rows.map(([key], i) => [key, i % 2 ? undefined : 'again']),
      ),
    )
    t.equal((await recorder.viewRows('tricks')).length, 2500)
  },
})
