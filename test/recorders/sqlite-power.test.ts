import { type SqliteRecorder, sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import { history, stored } from './crash/stored'
import { type Survival, VolatileDisk } from './crash/volatile-disk'

const survivals = (['none', 'all', 'last'] satisfies Survival['names'][]).flatMap((names) =>
  (['none', 'half', 'all'] satisfies Survival['bytes'][]).map((bytes) => ({ names, bytes })),
)

/** Works on, whatever fails; gives what was acknowledged, as `position aggregate version`. */
async function work(disk: VolatileDisk): Promise<string[]> {
  const acknowledged: string[] = []
  const school = sqlite('a.db', { disk })
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error) => {
      if (error.code !== 'STORAGE') throw error
    })
  }
  const save = (id: string, count: number): Promise<void> =>
    attempt(async () => {
      const first = (await school.select(id)).length + 1
      const positions = await school.append(history(id, count, first))
      for (const [at, position] of positions.entries()) acknowledged.push(`${position} ${id} ${first + at}`)
    })
  await save('fido', 3)
  await Promise.all([save('rex', 2), save('buster', 1), save('fido', 1)])
  await attempt(() => school.checkpoint())
  await save('fido', 2)
  await save('rex', 1)
  await attempt(() => school.query("UPDATE stored_snapshots SET topic = ''", { write: true }))
  await save('rex', 1)
  await attempt(() => school.close())
  return acknowledged
}

const read = async (school: SqliteRecorder): Promise<string[]> =>
  (await school.notifications()).map(({ id, aggregateId, version }) => `${id} ${aggregateId} ${version}`)

/** What is there after the power has failed holds all that was acknowledged, and can be gone on with. */
async function examine(t: Test, disk: VolatileDisk, acknowledged: string[], name: string): Promise<string[]> {
  const school = sqlite('a.db', { disk })
  const found = await read(school)
  t.same(
    acknowledged.filter((each) => !found.includes(each)),
    [],
    name,
  )
  await school.append([stored('luna', 1)])
  await school.close()
  disk.restart({ names: 'none', bytes: 'none' })
  const again = sqlite('a.db', { disk, readOnly: true })
  t.same(await read(again), [...found, `${found.length + 1} luna 1`], `${name}: it goes on`)
  t.equal((await again.status()).integrity, 'ok')
  await again.close()
  return found
}

t.test('a power failure at any step loses nothing, whatever the disk forgets', async (t) => {
  const whole = new VolatileDisk()
  t.equal((await work(whole)).length, 11)
  t.ok(whole.steps > 40, `there are ${whole.steps} steps`)
  for (let step = 1; step <= whole.steps; step++)
    for (const survival of survivals) {
      const disk = new VolatileDisk()
      disk.failsAt = step
      const acknowledged = await work(disk)
      disk.restart(survival)
      const name = `step ${step}, names: ${survival.names}, bytes: ${survival.bytes}`
      const found = await examine(t, disk, acknowledged, name)
      const [fido, rex] = ['fido', 'rex'].map((id) => found.filter((each) => each.includes(id)).length)
      t.ok([0, 3, 4, 6].includes(fido!) && [0, 2, 3, 4].includes(rex!), `${name}: nothing by half`)
    }
})

t.test('a step that fails once, and a power failure at the end or soon after, lose nothing', async (t) => {
  const whole = new VolatileDisk()
  await work(whole)
  for (let step = 1; step <= whole.steps; step++)
    for (const later of [1, 2, 3, 5, 8, Infinity]) {
      const disk = new VolatileDisk()
      disk.failsOnceAt = step
      disk.failsAt = step + later
      const acknowledged = await work(disk)
      disk.restart(later % 2 ? { names: 'none', bytes: 'none' } : { names: 'all', bytes: 'all' })
      await examine(t, disk, acknowledged, `step ${step} fails, and the power ${later} later`)
    }
})
