/** What is recorded, what is refused, and that a refused append changes nothing. */
import type { Recorder } from '../../port/recorder'
import { cases } from './cases'
import { row, rows, versions } from './rows'
import { step } from './view-steps'

const names = ["Fido's", '"Rex"', 'two\nlines', '犬 🐕‍🦺', 'e\u0301', '\u00e9', '', 'a'.repeat(990)]

/** Everything that can be read from a recorder. */
const everything = async (recorder: Recorder) => ({
  log: await recorder.notifications(),
  fido: await recorder.select('fido'),
  rex: await recorder.select('rex'),
  max: await recorder.maxNotificationId(),
  tracked: await recorder.maxTrackingId('kennel'),
})

export const appending = cases({
  'returns what was recorded, in every field': async (t, recorder) => {
    await recorder.append(rows('fido', 1, 3))
    t.strictSame(await recorder.select('fido'), rows('fido', 1, 3))
  },

  'returns positions in the order of the events, each above the last': async (t, recorder) => {
    const first = await recorder.append([row('fido', 1), row('rex', 1), row('fido', 2)])
    const second = await recorder.append([row('rex', 2)])
    const all = [...first, ...second]
    t.equal(all.length, 4)
    t.strictSame(
      all,
      [...new Set(all)].sort((a, b) => a - b),
    )
    t.strictSame(
      (await recorder.notifications()).map(({ id }) => id),
      all,
    )
  },

  'accepts an empty batch, and returns no positions': async (t, recorder) => {
    t.strictSame(await recorder.append([]), [])
    t.equal(await recorder.maxNotificationId(), 0)
  },

  'keeps all of a batch or none of it': async (t, recorder) => {
    await recorder.append(rows('fido', 1, 2))
    const before = await everything(recorder)
    await t.rejects(recorder.append([row('rex', 1), row('fido', 3), row('fido', 2)]), { code: 'VERSION_CONFLICT' })
    t.strictSame(await everything(recorder), before)
    await recorder.append([row('rex', 1), row('fido', 3)])
    t.strictSame(versions(await recorder.select('fido')), [1, 2, 3])
  },

  'refuses a version that is recorded': async (t, recorder) => {
    await recorder.append(rows('fido', 1, 2))
    await t.rejects(recorder.append([row('fido', 2)]), { code: 'VERSION_CONFLICT' })
    await t.rejects(recorder.append([row('fido', 1)]), { code: 'VERSION_CONFLICT' })
  },

  'refuses a version that is in a batch twice': async (t, recorder) => {
    await t.rejects(recorder.append([row('fido', 1), row('fido', 1)]), { code: 'VERSION_CONFLICT' })
    t.strictSame(await recorder.select('fido'), [])
  },

  'refuses a version with a gap before it': async (t, recorder) => {
    await recorder.append([row('fido', 1)])
    await t.rejects(recorder.append([row('fido', 3)]), { code: 'VERSION_GAP' })
    await t.rejects(recorder.append([row('rex', 2)]), { code: 'VERSION_GAP' })
    t.strictSame(versions(await recorder.select('fido')), [1])
  },

  'takes events of several aggregates in one batch, each from its own version': async (t, recorder) => {
    await recorder.append(rows('fido', 1, 2))
    await recorder.append([row('rex', 1), row('fido', 3), row('rex', 2)])
    t.strictSame(versions(await recorder.select('fido')), [1, 2, 3])
    t.strictSame(versions(await recorder.select('rex')), [1, 2])
  },

  'records 5,000 events in one batch': async (t, recorder) => {
    t.equal((await recorder.append(rows('fido', 1, 5000))).length, 5000)
    t.strictSame(versions(await recorder.select('fido', { after: 4998 })), [4999, 5000])
  },

  'keeps any string unchanged, in ids, topics and states': async (t, recorder) => {
    const odd = names.map((name) => ({
      aggregateId: `id ${name}`,
      version: 1,
      topic: `k:${name}.E`,
      state: `{"n":"${name}"}`,
    }))
    // What is looked for may have a limit; what is kept has none.
    odd.push({ aggregateId: 'id', version: 1, topic: 'k:.E', state: `{"n":"${'a'.repeat(1_000_000)}"}` })
    await recorder.append(odd)
    for (const each of odd)
      t.ok(same(await recorder.select(each.aggregateId), [each]), JSON.stringify(each).slice(0, 60))
  },

  'takes the names that every object of JavaScript has for any other': async (t, recorder) => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const found = async () => [
        (await recorder.select(name)).length,
        (await recorder.snapshot(name))?.version,
        (await recorder.read([{ tags: [name] }])).length,
        (await recorder.notifications({ topics: [name] })).length,
        await recorder.maxTrackingId(name),
        (await recorder.viewState(name))?.position,
        (await recorder.viewRows(name, { keys: [name] })).length,
      ]
      t.strictSame(await found(), [0, undefined, 0, 0, 0, undefined, 0], `${name}, before it is there`)
      const event = { ...row(name, 1), topic: name, tags: [name] }
      await recorder.append([event], { tracking: { applicationName: name, notificationId: 3 } })
      await recorder.saveSnapshot(row(name, 1))
      await recorder.saveView({ ...step(0, 5, [[name, name]]), view: name })
      t.strictSame(await found(), [1, 1, 1, 1, 3, 5, 1], name)
    }
  },

  'refuses strings that a store would change, in ids, topics, states and names': async (t, recorder) => {
    for (const odd of ['half \ud83d of a dog', '\udc15', '\ufeffa mark', 'a null \u0000 character']) {
      await t.rejects(recorder.append([row('rex', 1), row(odd, 1)]), TypeError, 'id')
      await t.rejects(recorder.append([{ ...row('fido', 1), topic: odd }]), TypeError, 'topic')
      await t.rejects(recorder.append([row('fido', 1, odd)]), TypeError, 'state')
      await t.rejects(recorder.append([], { tracking: { applicationName: odd, notificationId: 1 } }), TypeError, 'name')
      await t.rejects(recorder.saveSnapshot(row(odd, 1)), TypeError, 'snapshot')
    }
    t.equal(await recorder.maxNotificationId(), 0)
    t.equal(await recorder.maxTrackingId('a null \u0000 character'), 0, 'and nothing is found by them')
    t.equal(await recorder.viewState('a null \u0000 character'), undefined)
    t.strictSame(await recorder.viewRows('dogs', { limit: 1e30 }), [])
    await recorder.append([row('a \ufeff mark inside 🐕', 1)])
    t.strictSame(
      (await recorder.notifications()).map(({ aggregateId }) => aggregateId),
      ['a \ufeff mark inside 🐕'],
    )
  },

  'refuses versions that are no whole numbers, and nobody who comes at the same time': async (t, recorder) => {
    for (const version of [1.5, Number.NaN, 1e30, Infinity, '1', undefined] as number[]) {
      const odd = recorder.append([{ ...row('fido', 1), version }])
      const other = recorder.append([row('rex', 0)])
      await t.rejects(odd, TypeError, `version ${version}`)
      await other
      await t.rejects(recorder.saveSnapshot({ ...row('fido', 1), version }), TypeError, `snapshot ${version}`)
    }
    t.strictSame(await recorder.select('fido'), [])
  },

  'keeps bytes unchanged, and returns text or bytes as requested': async (t, recorder) => {
    const bytes = Uint8Array.from([0, 255, 128, 10])
    await recorder.append([{ ...row('fido', 1), state: bytes }, row('rex', 1, '{"name":"犬"}')])
    t.strictSame([...bytesOf((await recorder.select('fido', { as: 'bytes' }))[0]?.state)], [0, 255, 128, 10])
    t.equal((await recorder.select('rex'))[0]?.state, '{"name":"犬"}')
    t.equal(
      new TextDecoder().decode(bytesOf((await recorder.select('rex', { as: 'bytes' }))[0]?.state)),
      '{"name":"犬"}',
    )
    await t.rejects(recorder.select('fido'), { code: 'CORRUPT_EVENT' })
  },

  'is not changed when arguments or results are changed afterwards': async (t, recorder) => {
    const given = { ...row('fido', 1), state: Uint8Array.from([1, 2, 3]) }
    const batch = [given]
    await recorder.append(batch)
    given.state[0] = 9
    batch.push({ ...given, version: 2 })
    const [got] = await recorder.select('fido', { as: 'bytes' })
    bytesOf(got?.state)[1] = 9
    Object.assign(got ?? {}, { topic: 'changed' })
    const [again] = await recorder.select('fido', { as: 'bytes' })
    t.strictSame([...bytesOf(again?.state)], [1, 2, 3])
    t.equal(again?.topic, 'kennel:Dog.Registered')
    const [listed] = await recorder.notifications({ as: 'bytes' })
    t.strictSame([...bytesOf(listed?.state)], [1, 2, 3])
    const shared = Sharing.from([4])
    const recorded = recorder.append([{ ...row('rex', 1), state: shared }])
    const saved = recorder.saveSnapshot({ ...row('rex', 1), state: shared })
    shared[0] = 9
    await Promise.all([recorded, saved])
    const read = [...(await recorder.select('rex', { as: 'bytes' })), await recorder.snapshot('rex', 1, 'bytes')]
    t.strictSame(
      read.map((event) => [...bytesOf(event?.state)]),
      [[4], [4]],
    )
  },

  'refuses every call after it is closed, and may be closed twice': async (t, recorder) => {
    await recorder.append([row('fido', 1)])
    await recorder.close()
    await recorder.close()
    const closed = { code: 'CLOSED' }
    await t.rejects(recorder.append([row('fido', 2)]), closed)
    await t.rejects(recorder.append([]), closed)
    await t.rejects(recorder.select('fido'), closed)
    await t.rejects(recorder.notifications(), closed)
    await t.rejects(recorder.read([]), closed)
    await t.rejects(recorder.maxNotificationId(), closed)
    await t.rejects(recorder.maxTrackingId('kennel'), closed)
    await t.rejects(recorder.logId(), closed)
    recorder.watch(() => t.fail('a closed recorder wakes nobody'))()
    await t.rejects(recorder.saveSnapshot(row('fido', 1)), closed)
    await t.rejects(recorder.snapshot('fido'), closed)
  },
})

/** As a `Buffer` is, which is where most bytes come from: a part of it is not a copy. */
class Sharing extends Uint8Array {
  override slice(start?: number, end?: number) {
    return this.subarray(start, end)
  }
}

const bytesOf = (state: string | Uint8Array | undefined): Uint8Array =>
  typeof state === 'string' ? new TextEncoder().encode(`(text) ${state}`) : (state ?? new Uint8Array())

/** Compares without printing a million characters on failure. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
