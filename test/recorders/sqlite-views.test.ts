/** Stored views in a SQLite file: all or nothing, whatever step on the disk is the last. */
import { MemoryRecorder, type Recorder, type ViewChange } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import type { Survival } from './crash/breakable'
import { stored } from './crash/stored'
import { VolatileDisk } from './crash/volatile-disk'

const names = ['tricks', 'tricks~new', 'dogs']
const step = (view: string, build: string, after: number, position: number, rows: ViewChange['rows']): ViewChange => ({
  ...{ view, build, form: '1', logId: 'log' },
  ...{ after, position, rows },
})

/** Changes of views, one after the other, with all that makes a journal and a file differ in between. */
const work: readonly ((recorder: Recorder) => Promise<unknown>)[] = [
  (recorder) => recorder.append([stored('fido', 1)]),
  (recorder) => recorder.saveView(step('tricks', 'a', 0, 1, [['sit', '1']])),
  (recorder) => recorder.saveView(step('tricks~new', 'b', 0, 1, [['sit', 'one']])),
  checkpoint,
  (recorder) => recorder.saveView(step('tricks~new', 'b', 1, 2, [['beg', 'two']])),
  (recorder) => recorder.swapView('tricks~new', 'tricks'),
  (recorder) => recorder.saveView(step('tricks~new', 'c', 0, 1, [['roll', Uint8Array.of(1, 255)]])),
  (recorder) =>
    recorder.saveView(
      step('tricks', 'b', 2, 3, [
        ['sit', undefined],
        ['beg', 'three'],
      ]),
    ),
  // The journal of what follows may be applied to a file that has it all: then nothing may be done again.
  checkpoint,
  (recorder) => recorder.saveView(step('dogs', 'd', 0, 3, [['rex', '1']])),
  (recorder) => recorder.swapView('tricks~new', 'tricks'),
  (recorder) => recorder.dropView('dogs'),
  (recorder) => recorder.saveView(step('dogs', 'e', 0, 3, [['fido', '1']])),
  (recorder) => recorder.saveView(step('tricks~new', 'b', 0, 1, [['sit', 'again']])),
  (recorder) => recorder.swapView('tricks~new', 'tricks'),
  checkpoint,
  (recorder) => recorder.append([stored('fido', 2)]),
  (recorder) => recorder.saveView(step('tricks', 'b', 1, 4, [['sit', 'last']])),
]

async function checkpoint(recorder: Recorder): Promise<void> {
  if ('checkpoint' in recorder) await (recorder as ReturnType<typeof sqlite>).checkpoint()
}

const read = async (recorder: Recorder): Promise<string> =>
  JSON.stringify(
    await Promise.all(names.map(async (name) => [await recorder.viewState(name), await recorder.viewRows(name)])),
  )

interface Failure {
  readonly name: string
  readonly disk: VolatileDisk
  /** What may be there: all that was acknowledged, and perhaps what was being done. */
  readonly allowed: readonly string[]
}

/** Works on, though one step fails; gives what a failure before each later step leaves, and what one at the end does. */
async function failures(failsAt: number, survivals: readonly Survival[]): Promise<{ steps: number; all: Failure[] }> {
  const disk = new VolatileDisk()
  const all: Failure[] = []
  const model = new MemoryRecorder()
  let allowed = [await read(model)]
  const fail = (): void => {
    const name = `step ${failsAt} fails, failure at step ${disk.steps + 1}`
    for (const survival of survivals)
      all.push({ name: `${name}, ${JSON.stringify(survival)}`, disk: disk.afterFailure(survival), allowed })
    if (survivals.length > 0) all.push({ name: `${name}, killed`, disk: disk.afterKill(), allowed })
  }
  disk.failsAt = failsAt
  disk.beforeStep = () => {
    if (disk.steps >= failsAt || failsAt === Infinity) fail()
  }
  const recorder = sqlite('a.db', { disk })
  for (const each of work) {
    const before = await read(model)
    // A model of what is there afterwards: what fails changes nothing.
    await each(model)
    allowed = [before, await read(model)]
    for (;;) {
      const error = await each(recorder).then(
        () => undefined,
        (error) => error,
      )
      if (!error) break
      // One step fails, once: what was refused has not happened, and is done again.
      if (error.code !== 'STORAGE') throw error
      if ((await read(recorder)) !== before) throw new Error('what was refused has happened')
    }
    allowed = [await read(model)]
  }
  await recorder.close().catch(() => {})
  fail()
  return { steps: disk.steps, all }
}

/** A journal left behind by a kill, and the same one on a file that has it all, are read as what was acknowledged. */
async function examine(t: Test, all: readonly Failure[]): Promise<void> {
  const known = new Set<string>()
  const wrong: string[] = []
  for (const { name, disk, allowed } of all) {
    const key = `${disk.contents} ${allowed}`
    if (known.has(key)) continue
    known.add(key)
    const recorder = sqlite('a.db', { disk })
    const found = await read(recorder)
    if (!allowed.includes(found)) wrong.push(`${name}: ${found} is none of ${allowed.join(' or ')}`)
    await recorder.close()
  }
  t.ok(known.size > 20, `${known.size} different disks`)
  t.same(wrong.slice(0, 3), [])
}

const survivals = (['none', 'last', 'all'] satisfies Survival['names'][]).flatMap((names) =>
  (['none', 'half', 'all'] satisfies Survival['bytes'][]).map((bytes) => ({ names, bytes })),
)

t.beforeEach((t) => {
  t.intercept(crypto, 'randomUUID', { value: () => '00000000-0000-4000-8000-000000000000' })
})

t.test('a power failure or a kill at any step leaves each view as it was, or one step on', async (t) => {
  await examine(t, (await failures(Infinity, survivals)).all)
})

t.test('a step that fails changes no view, whatever fails later', async (t) => {
  const { steps } = await failures(Infinity, [])
  const all: Failure[] = []
  for (let step = 1; step <= steps; step++) all.push(...(await failures(step, survivals.slice(0, 1))).all)
  await examine(t, all)
})

t.test('a journal with a change of a view left out is refused', async (t) => {
  const folder = t.testdir()
  const file = `${folder}/a.db`
  const { readFileSync, writeFileSync } = await import('node:fs')
  const recorder = sqlite(file)
  await recorder.saveView(step('tricks', 'a', 0, 1, [['sit', '1']]))
  const [database, start] = [readFileSync(file), readFileSync(`${file}.dog-school-journal`)]
  await recorder.saveView(step('tricks', 'a', 1, 2, [['sit', '2']]))
  const second = readFileSync(`${file}.dog-school-journal`)
  await recorder.saveView(step('tricks', 'a', 2, 3, [['beg', '2']]))
  const third = readFileSync(`${file}.dog-school-journal`)
  await recorder.close()
  writeFileSync(file, database)
  writeFileSync(
    `${file}.dog-school-journal`,
    Buffer.concat([third.subarray(0, start.length), third.subarray(second.length)]),
  )
  await t.rejects(sqlite(file).open(), { code: 'JOURNAL', message: /change 3 of its views: a line is missing/ })
})

t.test('a file from before there were views gets them', async (t) => {
  const file = `${t.testdir()}/a.db`
  const recorder = sqlite(file)
  await recorder.append([stored('fido', 1)])
  await recorder.close()
  const { default: initSqlJs } = await import('sql.js')
  const { readFileSync, writeFileSync } = await import('node:fs')
  const { Database } = await initSqlJs()
  const old = new Database(readFileSync(file))
  old.run(`DROP TABLE dog_school_view_rows; DROP TABLE dog_school_views;
    ALTER TABLE dog_school_schema DROP COLUMN view_changes`)
  writeFileSync(file, old.export())
  const again = sqlite(file)
  t.equal(await again.viewState('tricks'), undefined)
  await again.saveView(step('tricks', 'a', 0, 1, [['sit', '1']]))
  await again.close()
  const third = sqlite(file, { readOnly: true })
  t.strictSame(await third.viewRows('tricks'), [['sit', '1']])
  await t.rejects(third.saveView(step('tricks', 'a', 1, 2, [])), { code: 'READ_ONLY' })
  await third.close()
})

t.test('SQL sees the rows of views', async (t) => {
  const recorder = sqlite(':memory:')
  await recorder.saveView(step('tricks', 'a', 0, 7, [['sit', '{"dogs":3}']]))
  t.strictSame(
    await recorder.query(`SELECT name, position, key, value ->> 'dogs' AS dogs FROM dog_school_view_rows
      JOIN dog_school_views ON id = view`),
    { columns: ['name', 'position', 'key', 'dogs'], rows: [['tricks', 7, 'sit', 3]] },
  )
  await recorder.close()
})
