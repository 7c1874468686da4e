/** Whatever step on the disk is the last: each event is in a stored view exactly once. */
import { StoredProjection } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import type { Survival } from '../recorders/crash/breakable'
import { VolatileDisk } from '../recorders/crash/volatile-disk'
import { learn, open } from './kennel'

const enter = (disk: VolatileDisk) => {
  const recorder = sqlite('a.db', { disk })
  const school = open(recorder)
  const view = new StoredProjection<number>(school, {
    ...{ name: 'counts', form: '1' },
    handlers: {
      Learnt: async (rows, { payload }) => {
        const trick = String(payload.trick)
        rows.set(trick, ((await rows.get(trick)) ?? 0) + 1)
        if (trick === 'd') rows.delete('b')
      },
    },
  })
  return { recorder, school, view }
}

/** What must be in the view when these events are: [position, trick]. */
function folded(events: readonly (readonly [number, string])[], position: number): string {
  const counts = new Map<string, number>()
  for (const [at, trick] of events) {
    if (at > position) break
    counts.set(trick, (counts.get(trick) ?? 0) + 1)
    if (trick === 'd') counts.delete('b')
  }
  return JSON.stringify([...counts].sort())
}

interface Failure {
  readonly name: string
  readonly disk: VolatileDisk
  /** How far the view was when somebody was told so. */
  readonly acknowledged: number
}

/** Works on, though one step fails; gives what a failure before each later step leaves, and what one at the end does. */
async function failures(failsAt: number, survivals: readonly Survival[]): Promise<{ steps: number; all: Failure[] }> {
  const disk = new VolatileDisk()
  const all: Failure[] = []
  let acknowledged = 0
  const fail = (): void => {
    const name = `step ${failsAt} fails, failure at step ${disk.steps + 1}`
    for (const survival of survivals)
      all.push({ name: `${name}, ${JSON.stringify(survival)}`, disk: disk.afterFailure(survival), acknowledged })
    if (survivals.length > 0) all.push({ name: `${name}, killed`, disk: disk.afterKill(), acknowledged })
  }
  disk.failsAt = failsAt
  disk.beforeStep = () => {
    if (disk.steps >= failsAt || failsAt === Infinity) fail()
  }
  const { recorder, school, view } = enter(disk)
  // One step fails, once: what was refused is done again.
  const work = async (what: () => Promise<unknown>): Promise<void> => {
    await what().catch((error) => {
      if (error.code !== 'STORAGE') throw error
      return what()
    })
    acknowledged = view.position
  }
  const positions: number[] = []
  const save = (...tricks: string[]) => work(async () => positions.push(await learn(school, ...tricks)))
  await save('a', 'b', 'a')
  await work(() => view.catchUp())
  await work(() => recorder.checkpoint())
  await save('c', 'b')
  await work(() => view.step())
  await work(() => view.seen(7))
  await work(() => view.rebuild())
  await save('d', 'a')
  await Promise.all([work(() => view.catchUp()), work(() => recorder.checkpoint())])
  await save('b')
  await work(() => view.rebuild())
  await school.close().catch(() => {})
  fail()
  return { steps: disk.steps, all }
}

async function examine(t: Test, all: readonly Failure[]): Promise<void> {
  const known = new Set<string>()
  const wrong: string[] = []
  for (const { name, disk, acknowledged } of all) {
    const key = `${disk.contents} ${acknowledged}`
    if (known.has(key)) continue
    known.add(key)
    const { recorder, school, view } = enter(disk)
    const log = await school.notificationLog.select()
    const events = log
      .filter(({ name }) => name === 'Learnt')
      .map(({ id, payload }) => [id, payload.trick as string] as const)
    const show = async () => {
      const rows: unknown[] = []
      for await (const row of view.view) rows.push(row)
      return JSON.stringify(rows)
    }
    const expect = async (what: string, position: number): Promise<void> => {
      const [found, wanted] = [await show(), folded(events, position)]
      if (found !== wanted) wrong.push(`${name}, ${what}: ${found} is not ${wanted}, at ${position}`)
    }
    const position = (await recorder.viewState('counts'))?.position ?? 0
    if (position < acknowledged) wrong.push(`${name}: it was at ${acknowledged}, and is at ${position}`)
    await expect('as found', position)
    await view.catchUp()
    await expect('caught up', log.at(-1)?.id ?? 0)
    await view.rebuild()
    await expect('built again', log.at(-1)?.id ?? 0)
    await school.close()
  }
  t.ok(known.size > 20, `${known.size} different disks`)
  t.same(wrong.slice(0, 3), [])
}

const isLong = process.env.DOG_SCHOOL_LONG === '1'
const all = (['none', 'last', 'all'] satisfies Survival['names'][]).flatMap((names) =>
  (['none', 'half', 'all'] satisfies Survival['bytes'][]).map((bytes) => ({ names, bytes })),
)
// In short, each of the names and each of the bytes: the recorder's own test has all.
const survivals = isLong ? all : [0, 4, 8].map((at) => all[at] as Survival)

t.beforeEach((t) => {
  let ids = 0
  t.intercept(crypto, 'randomUUID', { value: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}` })
})
t.setTimeout(900_000)

t.test('after a power failure or a kill at any step', { timeout: 900_000 }, async (t) => {
  const { steps, all } = await failures(Infinity, survivals)
  t.ok(steps > 40, `${steps} steps`)
  await examine(t, all)
})

t.test('after a step that fails, and a power failure or a kill at any later one', { timeout: 900_000 }, async (t) => {
  const { steps } = await failures(Infinity, [])
  const all: Failure[] = []
  // Some of them: the recorder's own test has all.
  for (let step = 1; step <= steps; step += isLong ? 3 : 13)
    all.push(...(await failures(step, survivals.slice(0, 1))).all)
  await examine(t, all)
})
