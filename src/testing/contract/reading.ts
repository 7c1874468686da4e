/** One aggregate's events, and its snapshots. */
import { cases } from './cases'
import { row, rows, versions } from './rows'

export const reading = cases({
  'returns no events for an unknown id': async (t, recorder) => {
    await recorder.append([row('fido', 1)])
    t.strictSame(await recorder.select('rex'), [])
    t.strictSame(await recorder.select('FIDO'), [])
    t.strictSame(await recorder.select("fido' OR '1'='1"), [])
  },

  'selects by version: after, upTo, limit, newest first, and all of them together': async (t, recorder) => {
    await recorder.append([...rows('fido', 1, 6), ...rows('rex', 1, 2)])
    const select = async (query: Parameters<typeof recorder.select>[1]) =>
      versions(await recorder.select('fido', query))
    t.strictSame(await select({ after: 4 }), [5, 6])
    t.strictSame(await select({ after: 0 }), [1, 2, 3, 4, 5, 6])
    t.strictSame(await select({ after: 6 }), [])
    t.strictSame(await select({ upTo: 2 }), [1, 2])
    t.strictSame(await select({ upTo: 0 }), [])
    t.strictSame(await select({ upTo: 99 }), [1, 2, 3, 4, 5, 6])
    t.strictSame(await select({ limit: 2 }), [1, 2])
    t.strictSame(await select({ limit: 0 }), [])
    t.strictSame(await select({ descending: true }), [6, 5, 4, 3, 2, 1])
    t.strictSame(await select({ descending: true, limit: 1 }), [6])
    t.strictSame(await select({ after: 1, upTo: 5, limit: 2 }), [2, 3])
    t.strictSame(await select({ after: 1, upTo: 5, limit: 2, descending: true }), [5, 4])
    t.strictSame(await select({ after: 4, upTo: 3 }), [])
  },

  'selects nothing with negative numbers': async (t, recorder) => {
    await recorder.append(rows('fido', 1, 4))
    await recorder.saveSnapshot(row('fido', 2))
    const select = async (query: Parameters<typeof recorder.select>[1]) =>
      versions(await recorder.select('fido', query))
    t.strictSame(await select({ limit: -1 }), [])
    t.strictSame(await select({ limit: -1, descending: true }), [])
    t.strictSame(await select({ upTo: -1 }), [])
    t.strictSame(await select({ after: -1 }), [1, 2, 3, 4])
    t.strictSame(await select({ after: -3, upTo: 2, limit: 9 }), [1, 2])
    t.equal(await recorder.snapshot('fido', -1), undefined)
    const log = async (query: Parameters<typeof recorder.notifications>[0]) =>
      (await recorder.notifications(query)).map(({ id }) => id)
    const topics = ['kennel:Dog.TrickAdded']
    t.strictSame(await log({ limit: -1 }), [])
    t.strictSame(await log({ limit: -1, topics }), [])
    t.strictSame(await log({ stop: -1 }), [])
    t.strictSame(await log({ stop: -1, topics }), [])
    t.strictSame(await log({ start: -1 }), [1, 2, 3, 4])
    t.strictSame(await log({ start: -1, limit: 2 }), [1, 2])
  },

  'refuses positions, versions and limits that are not whole numbers': async (t, recorder) => {
    await recorder.append(rows('fido', 1, 4))
    for (const bad of [Number.NaN, 1.5, '2' as unknown as number]) {
      for (const name of ['after', 'upTo', 'limit'])
        await t.rejects(recorder.select('fido', { [name]: bad }), TypeError, `${name}: ${bad}`)
      for (const name of ['start', 'stop', 'limit'])
        await t.rejects(recorder.notifications({ [name]: bad }), TypeError, `${name}: ${bad}`)
      await t.rejects(recorder.snapshot('fido', bad), TypeError, `snapshot: ${bad}`)
    }
    const all = { after: -Infinity, upTo: Infinity, limit: Infinity }
    t.equal((await recorder.select('fido', all)).length, 4, 'no limit is one that may be said')
    t.equal((await recorder.notifications({ start: -Infinity, stop: Infinity, limit: Infinity })).length, 4)
  },

  'reads what was recorded immediately': async (t, recorder) => {
    const appended = recorder.append([row('fido', 1)])
    await appended
    t.strictSame(versions(await recorder.select('fido')), [1])
    t.equal(await recorder.maxNotificationId(), 1)
  },

  'returns no snapshot for an aggregate without one, and mixes none up': async (t, recorder) => {
    await recorder.saveSnapshot(row('fido', 1))
    t.equal(await recorder.snapshot('rex'), undefined)
    t.equal(await recorder.snapshot('fido', 0), undefined)
    t.strictSame(await recorder.select('fido'), [], 'a snapshot is not an event')
    t.equal(await recorder.maxNotificationId(), 0)
  },

  'returns the newest snapshot, at a version or before it': async (t, recorder) => {
    for (const version of [10, 2, 5]) await recorder.saveSnapshot(row('fido', version))
    t.equal((await recorder.snapshot('fido'))?.version, 10)
    t.equal((await recorder.snapshot('fido', 10))?.version, 10)
    t.equal((await recorder.snapshot('fido', 9))?.version, 5)
    t.equal((await recorder.snapshot('fido', 5))?.version, 5)
    t.equal((await recorder.snapshot('fido', 4))?.version, 2)
    t.equal(await recorder.snapshot('fido', 1), undefined)
  },

  'replaces a snapshot of the same version': async (t, recorder) => {
    await recorder.saveSnapshot(row('fido', 2, '{"old":true}'))
    await recorder.saveSnapshot(row('fido', 2, '{"old":false}'))
    t.strictSame(await recorder.snapshot('fido'), row('fido', 2, '{"old":false}'))
  },

  'returns a snapshot as text or as bytes, and a copy of it': async (t, recorder) => {
    const state = Uint8Array.from([1, 2, 3])
    await recorder.saveSnapshot({ ...row('fido', 2), state })
    state[0] = 9
    const got = (await recorder.snapshot('fido', undefined, 'bytes'))?.state as Uint8Array
    t.strictSame([...got], [1, 2, 3])
    got[0] = 9
    const again = (await recorder.snapshot('fido', 2, 'bytes'))?.state as Uint8Array
    t.strictSame([...again], [1, 2, 3])
  },
})
