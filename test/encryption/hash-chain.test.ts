/** Has anybody edited history? Every edit is found, and a log that nobody has edited is never accused. */
import { census, MemoryRecorder, type Recorder, type StoredEvent } from 'dog-school'
import { HashChain } from 'dog-school/encryption'
import { sqlite } from 'dog-school/sqlite'
import * as fc from 'fast-check'
import t from 'tap'
import { Dog, kennel } from './people'

const event = (aggregateId: string, version: number, text: string, tags?: readonly string[]): StoredEvent => ({
  aggregateId,
  version,
  topic: 'kennel:Dog.TrickAdded',
  state: `{"trick":${JSON.stringify(text)}}`,
  ...(tags && { tags }),
})
const ranges = async (chain: HashChain) =>
  (await chain.verify()).map(({ problem }) => {
    const { from, to, code } = problem as Error & { from: number; to: number; code: string }
    return code === 'HISTORY_CHANGED' ? [from, to] : problem
  })

/** Edits by SQL, each of one row or two; `at` and `other` are positions. Gives what was edited. */
const edits: Record<string, (at: number, other: number) => [sql: string, edited: number[]]> = {
  state: (at) => [`UPDATE stored_events SET state = CAST('{"trick":"!"}' AS BLOB) WHERE rowid = ${at}`, [at]],
  'one bit': (at) => [
    `UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), '"trick"', '"tricK"') AS BLOB) WHERE rowid = ${at}`,
    [at],
  ],
  topic: (at) => [`UPDATE stored_events SET topic = topic || 'x' WHERE rowid = ${at}`, [at]],
  aggregate: (at) => [`UPDATE stored_events SET originator_id = originator_id || 'x' WHERE rowid = ${at}`, [at]],
  version: (at) => [
    `UPDATE stored_events SET originator_version = originator_version + 9000 WHERE rowid = ${at}`,
    [at],
  ],
  removed: (at) => [`DELETE FROM stored_events WHERE rowid = ${at}`, [at]],
  moved: (at, other) => [
    `UPDATE stored_events SET rowid = -1 WHERE rowid = ${at};
     UPDATE stored_events SET rowid = ${at} WHERE rowid = ${other};
     UPDATE stored_events SET rowid = ${other} WHERE rowid = -1`,
    at === other ? [] : [at, other],
  ],
  'another tag': (at) => [`INSERT INTO dog_school_tags VALUES ('more', 'kennel:Dog.TrickAdded', ${at})`, [at]],
  'no tag': (at) => [`DELETE FROM dog_school_tags WHERE position = ${at}`, [at]],
  added: (at) => [
    `DELETE FROM stored_events WHERE rowid = ${at};
     INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state) VALUES (${at}, 'new ${at}', 1, 'a:B.C', x'7b7d')`,
    [at],
  ],
  'null topic': (at) => [
    `DELETE FROM dog_school_tags WHERE position = ${at};
     UPDATE stored_events SET topic = NULL WHERE rowid = ${at}`,
    [at],
  ],
  'text for bytes': (at) => [`UPDATE stored_events SET state = 12 WHERE rowid = ${at}`, [at]],
  undone: (at) => [
    `UPDATE stored_events SET topic = topic || 'x' WHERE rowid = ${at};
     UPDATE stored_events SET topic = substr(topic, 1, length(topic) - 1) WHERE rowid = ${at}`,
    [],
  ],
}

interface Edit {
  readonly how: string
  readonly at: number
  readonly other: number
}

/** Records and seals batches of these sizes, edits the log, and says whether what is found is right. */
async function isFound(batches: readonly number[], plan: readonly Edit[]): Promise<boolean> {
  const recorder = sqlite(':memory:')
  const chain = new HashChain(recorder)
  const seals: number[] = []
  let count = 0
  for (const size of batches) {
    const more = Array.from({ length: size }, (_, i) => event(`dog ${i}`, 0, `${count} ${i}`, [`dog:${i}`, 'all']))
    await recorder.append(more)
    count += size
    seals.push(Number((await chain.seal()).split(':')[0]))
  }
  if ((await ranges(chain)).length > 0) return false
  const edited = new Set<number>()
  // Two edits of one place may undo each other.
  for (const { how, at, other } of plan) {
    const [sql, touched] = edits[how]?.(1 + (at % count), 1 + (other % count)) ?? ['', []]
    if (touched.some((each) => edited.has(each))) continue
    for (const one of sql.split(';\n')) await recorder.query(one, { write: true })
    for (const each of touched) edited.add(each)
  }
  const expected = seals
    .map((to, i) => [(seals[i - 1] ?? 0) + 1, to] as [number, number])
    .filter(([from, to]) => [...edited].some((each) => each >= from && each <= to))
  const actual = await ranges(chain)
  await recorder.close()
  return JSON.stringify(actual) === JSON.stringify(expected)
}

t.test('every edit by SQL is found, between the right seals, and nothing else is', async (t) => {
  for (const how of Object.keys(edits)) t.ok(await isFound([2, 3, 1], [{ how, at: 3, other: 5 }]), how)
  const edit = fc.record({ how: fc.constantFrom(...Object.keys(edits)), at: fc.nat(), other: fc.nat() })
  const batches = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 })
  await fc.assert(fc.asyncProperty(batches, fc.array(edit, { maxLength: 3 }), isFound), {
    numRuns: process.env.DOG_SCHOOL_LONG === '1' ? 100 : 12,
  })
})

t.test('an untouched log is never accused, whoever writes and seals meanwhile', async (t) => {
  for (const recorder of [new MemoryRecorder(), sqlite(':memory:')] as Recorder[])
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('append', 'seal', 'verify', 'both', 'all'), { maxLength: 30 }),
        async (steps) => {
          const [one, two] = [new HashChain(recorder), new HashChain(recorder)]
          const append = () => recorder.append([event(`dog ${Math.random()}`, 1, 'sit', ['a'])])
          for (const step of steps) {
            if (step === 'append') await append()
            if (step === 'seal') await one.seal()
            if (step === 'both') await Promise.all([one.seal(), append(), two.seal(), append(), one.seal()])
            if (step === 'all') {
              const [found] = await Promise.all([two.verify(), append(), one.seal(), append(), one.seal()])
              if (found.length > 0) return false
            }
            if ((await two.verify()).length > 0) return false
          }
          return (await new HashChain(recorder, { kept: [await one.seal()] }).verify()).length === 0
        },
      ),
      { numRuns: process.env.DOG_SCHOOL_LONG === '1' ? 50 : 8 },
    )
  t.pass()
})

/** What somebody does who knows this library: edit, and seal anew. */
async function rewritten(rows: readonly StoredEvent[]): Promise<Recorder> {
  const recorder = new MemoryRecorder()
  await recorder.append(rows)
  await new HashChain(recorder).seal()
  return recorder
}

t.test('a log that was rewritten with its seals is found out by a seal that was kept elsewhere', async (t) => {
  const rows = Array.from({ length: 2500 }, (_, i) => event('fido', i + 1, `trick ${i}`))
  const recorder = new MemoryRecorder()
  await recorder.append(rows.slice(0, 1200))
  const chain = new HashChain(recorder)
  const [early] = [await chain.seal()]
  await recorder.append(rows.slice(1200))
  const late = await chain.seal()
  t.match([early, late], [/^1200:[0-9a-f]{64}$/, /^2500:[0-9a-f]{64}$/])
  t.equal(await chain.seal(), late, 'nothing new, nothing to seal')
  t.strictSame(await ranges(new HashChain(recorder, { kept: [late, early] })), [])

  const forged = await rewritten(rows.map((row, i) => (i === 1300 ? event('fido', 1301, 'forged') : row)))
  t.strictSame(await ranges(new HashChain(forged)), [], 'which its own seals do not know')
  t.strictSame(await ranges(new HashChain(forged, { kept: [early] })), [], 'nor one from before')
  const [[from, to] = [], ...more] = (await ranges(new HashChain(forged, { kept: [early, late] }))) as number[][]
  t.strictSame([from, to, more], [2001, 2500, []])
  const cut = await rewritten(rows.slice(0, 2000))
  t.strictSame(await ranges(new HashChain(cut, { kept: [late] })), [[2001, 2500]], 'the newest events are gone')
  const empty = new MemoryRecorder()
  t.strictSame(await ranges(new HashChain(empty, { kept: [late] })), [[1, 2500]])
  t.equal(await new HashChain(empty).seal(), `0:${(await new HashChain(new MemoryRecorder()).seal()).slice(2)}`)
  for (const bad of ['', '12', `x:${'0'.repeat(64)}`, `1:${'0'.repeat(63)}`])
    t.throws(() => new HashChain(empty, { kept: [bad] }), {
      name: 'TypeError',
      message: /A seal is what seal\(\) returned/,
    })
  for (const [recorder, options] of [[undefined], [kennel()], [empty, { kept: late }]] as never[][])
    t.throws(() => new HashChain(recorder as never, options as never), {
      name: 'TypeError',
      message: /^HashChain takes a recorder and a list of seals/,
    })
})

t.test('an event that gets another number, with the same neighbours, is found', async (t) => {
  const recorder = sqlite(':memory:')
  await recorder.append(['a', 'b', 'c', 'd'].map((id) => event(id, 1, 'sit')))
  await recorder.query('DELETE FROM stored_events WHERE rowid = 2', { write: true })
  const chain = new HashChain(recorder)
  await chain.seal()
  t.strictSame(await ranges(chain), [])
  await recorder.query('UPDATE stored_events SET rowid = 2 WHERE rowid = 3', { write: true })
  t.strictSame(await ranges(chain), [[1, 4]])
  await recorder.close()
})

t.test('what is sealed while it compares is left for the next time', async (t) => {
  const recorder = new MemoryRecorder()
  const chain = new HashChain(recorder)
  await recorder.append([event('a', 1, 'sit')])
  await chain.seal()
  const { maxNotificationId } = recorder
  recorder.maxNotificationId = async () => {
    const last = await maxNotificationId.call(recorder)
    await recorder.append([event('b', 1, 'sit')])
    await chain.seal()
    return last
  }
  t.strictSame(await ranges(chain), [])
})

t.test('an event that cannot even be read is found where it is', async (t) => {
  const recorder = new MemoryRecorder()
  const chain = new HashChain(recorder)
  for (let i = 0; i < 20; i++) {
    await recorder.append([event(`dog ${i}`, 1, 'sit')])
    await chain.seal()
  }
  const { notifications } = recorder
  recorder.notifications = async (query = {}) => {
    const rows = await notifications.call(recorder, query)
    if (rows.some(({ id }) => id === 7)) throw new Error('broken')
    return rows
  }
  t.strictSame(await ranges(chain), [[7, 7]])
})

t.test('verify() of an application asks the chain, and shows how far it is', async (t) => {
  const recorder = sqlite(':memory:')
  const school = kennel(recorder, { aggregates: [Dog] })
  await recorder.append([
    { aggregateId: 'fido', version: 1, topic: 'kennel:Dog.Registered', state: '{}' },
    ...Array.from({ length: 2999 }, (_, i) => event('fido', i + 2, `trick ${i}`)),
  ])
  const chain = new HashChain(recorder)
  await chain.seal()
  await recorder.query("UPDATE stored_events SET topic = topic || 'x' WHERE rowid = 1500", { write: true })
  await recorder.query("UPDATE stored_events SET state = x'ff' WHERE rowid = 2500", { write: true })
  await recorder.query('UPDATE stored_events SET state = NULL WHERE rowid = 2600', { write: true })
  const progress: [number, number][] = []
  const misfits = await school.verify({ chain, onProgress: (done, all) => progress.push([done, all]) })
  t.match(misfits[0], { position: 1001, problem: { code: 'HISTORY_CHANGED', from: 1001, to: 2000 } })
  t.match(misfits[1], { position: 2001, problem: { code: 'HISTORY_CHANGED' } })
  t.strictSame(
    [2500, 2600].map((at) => (misfits.find(({ position }) => position === at)?.problem as { code?: string })?.code),
    ['CORRUPT_EVENT', 'CORRUPT_EVENT'],
    'a row that is no text is one problem of many',
  )
  const counts = await census(school)
  t.equal(
    counts.reduce((all, { count }) => all + count, 0),
    3000,
  )
  t.match(misfits[0]?.problem.message, /positions 1001 to 2000 are not those of the seal in the store/)
  t.strictSame(progress.slice(0, 3), [
    [1000, 3000],
    [2000, 3000],
    [3000, 3000],
  ])
  t.ok(misfits.length > 1, 'and what does not fit, as always')
  await recorder.close()
  await t.rejects(chain.verify(), { code: 'CLOSED' })
})
