import { type SqliteRecorder, sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import type { Breakable, Survival } from './crash/breakable'
import { history, inOneLine, stored, tagged } from './crash/stored'
import { VolatileDisk } from './crash/volatile-disk'
import { VolatileOpfs } from './crash/volatile-opfs'

const survivals = (['none', 'last', 'all'] satisfies Survival['names'][]).flatMap((names) =>
  (['none', 'half', 'all'] satisfies Survival['bytes'][]).map((bytes) => ({ names, bytes })),
)

/** A power failure, or the end of the process: the disk afterwards, and what had been acknowledged, as `position aggregate version`. */
interface Failure {
  readonly name: string
  readonly disk: Breakable
  readonly acknowledged: readonly string[]
}

/** Works on, though one step fails; gives what a failure before each later step leaves, and what one at the end does. */
async function failures(
  disk: Breakable,
  failsAt: number,
  of: readonly Survival[],
): Promise<{ steps: number; failures: Failure[] }> {
  const acknowledged: string[] = []
  const failures: Failure[] = []
  const fail = (): void => {
    const add = (name: string, after: Breakable): void => {
      const when = `step ${failsAt} fails, at step ${disk.steps + 1}`
      failures.push({ name: `${when} ${name}`, disk: after, acknowledged: [...acknowledged] })
    }
    for (const survival of of)
      add(`the power; ${survival.names} names and ${survival.bytes} bytes stay`, disk.afterFailure(survival))
    if (of.length) add('it is killed', disk.afterKill())
  }
  disk.failsAt = failsAt
  disk.turns = 3
  disk.beforeStep = () => {
    if (disk.steps >= failsAt || failsAt === Infinity) fail()
  }
  const school = sqlite('a.db', { disk: disk.disk })
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error) => {
      if (error.code !== 'STORAGE') throw error
    })
  }
  const save = (id: string, count: number): Promise<void> =>
    attempt(async () => {
      const first = (await school.select(id)).length + 1
      const events = tagged(history(id, count, first))
      const positions = await school.append(events)
      for (const [at, id] of positions.entries()) acknowledged.push(inOneLine({ id, ...events[at]! }))
    })
  await save('fido', 3)
  await Promise.all([save('rex', 2), save('buster', 1), save('fido', 1)])
  await attempt(() => school.checkpoint())
  await save('fido', 2)
  // Recorded while the file is being written, so it stays in the journal.
  await Promise.all([attempt(() => school.checkpoint()), save('fido', 1), save('luna', 1)])
  await save('rex', 1)
  // What is written changes the event that the journal before it went on from.
  await attempt(() => school.query("UPDATE stored_events SET topic = topic || '!'", { write: true }))
  await save('rex', 1)
  await Promise.all([attempt(() => school.checkpoint()), save('luna', 1)])
  await attempt(() => school.close())
  fail()
  return { steps: disk.steps, failures }
}

const read = async (school: SqliteRecorder): Promise<string[]> =>
  (await school.notifications({ tagged: true })).map(inOneLine)

/**
 * What is there after a failure holds all that was acknowledged, and nothing by half; once somebody has seen it, it
 * stays, and can be gone on with. Gives what is not so: one assertion for each would take longer than all the rest.
 */
async function examine({ name, disk, acknowledged }: Failure, whole: Record<string, number[]> = {}): Promise<string[]> {
  const wrong: string[] = []
  const first = sqlite('a.db', { disk: disk.disk })
  const found = await read(first)
  const missing = acknowledged.filter((each) => !found.includes(each))
  if (missing.length > 0) wrong.push(`acknowledged and lost: ${missing}`)
  const lengthOf = (id: string): number => found.filter((each) => each.includes(`dog:${id}`)).length
  for (const id of Object.keys(whole))
    if ((await first.read([{ tags: [`dog:${id}`] }])).length !== lengthOf(id)) wrong.push(`not found by its tag: ${id}`)
  for (const [id, lengths] of Object.entries(whole))
    if (!lengths.includes(lengthOf(id))) wrong.push(`recorded by half: ${found}`)

  const seen = disk.afterFailure({ names: 'none', bytes: 'none' })
  await first.close()
  const second = sqlite('a.db', { disk: seen.disk })
  const again = await read(second)
  if (String(again) !== String(found)) wrong.push(`seen, and then gone or changed: ${found} is ${again}`)
  await second.append(tagged([stored('milo', 1)]))

  const last = seen.afterFailure({ names: 'none', bytes: 'none' })
  await second.close()
  const third = sqlite('a.db', { disk: last.disk })
  const after = await read(third)
  if (String(after) !== String([...found, `${found.length + 1} milo 1 dog:milo,version:1`]))
    wrong.push(`it does not go on: ${after}`)
  const { integrity } = await third.status()
  if (integrity !== 'ok') wrong.push(integrity)
  await third.close()
  return wrong.map((each) => `${name}: ${each}`)
}

/** The same work leaves the same files then, and what was looked at once need not be looked at again. */
function withEqualIds(t: Test): (failure: Failure) => boolean {
  const known = new Set<string>()
  t.intercept(crypto, 'randomUUID', { value: () => '00000000-0000-4000-8000-000000000000' })
  return ({ disk, acknowledged }) => {
    const key = `${disk.contents} ${acknowledged.join()}`
    if (known.has(key)) return false
    known.add(key)
    return true
  }
}

// Some hundreds of failures: on a busy machine they take their time.
t.setTimeout(900_000)

const isLong = process.env.DOG_SCHOOL_LONG === '1'
/** Each with how many of its steps there are to one that is made to fail: what is behind a browser's has three times as many. */
const disks: [string, () => Breakable, number][] = [
  ['a disk', () => new VolatileDisk(), isLong ? 1 : 3],
  ["a browser's private file system", () => new VolatileOpfs(), isLong ? 1 : 17],
]

for (const [name, made, every] of disks) {
  t.test(`a power failure or a kill at any step loses nothing, whatever ${name} forgets`, async (t) => {
    const isNew = withEqualIds(t)
    const { steps, failures: all } = await failures(made(), Infinity, survivals)
    t.equal(all.at(-1)?.acknowledged.length, 14)
    t.ok(steps > 40, `there are ${steps} steps`)
    // As long as each is after one of its appends.
    const whole = { fido: [0, 3, 4, 6, 7], rex: [0, 2, 3, 4] }
    const wrong: string[] = []
    for (const failure of all.filter(isNew)) wrong.push(...(await examine(failure, whole)))
    t.same(wrong, [])
  })

  t.test(`a step of ${name} that fails, and a power failure or a kill at any later one, lose nothing`, async (t) => {
    const isNew = withEqualIds(t)
    const { steps } = await failures(made(), Infinity, [])
    const wrong: string[] = []
    for (let step = 1; step <= steps; step += every) {
      const { failures: all } = await failures(made(), step, [survivals[0]!])
      for (const failure of all.filter(isNew)) wrong.push(...(await examine(failure)))
    }
    t.same(wrong, [])
  })
}

t.test('a private file system in which everything fails from some step on loses nothing', async (t) => {
  const isNew = withEqualIds(t)
  const { steps } = await failures(new VolatileOpfs(), Infinity, [])
  const wrong: string[] = []
  for (let step = 1; step <= steps; step += isLong ? 1 : 5) {
    const disk = new VolatileOpfs()
    disk.failsFrom = step
    const { failures: all } = await failures(disk, Number.MAX_SAFE_INTEGER, survivals)
    for (const failure of all.filter(isNew)) wrong.push(...(await examine(failure)))
  }
  t.same(wrong, [])
})
