import { type SqliteRecorder, sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { history, stored } from './crash/stored'
import { type Survival, VolatileDisk } from './crash/volatile-disk'

const survivals = (['none', 'all', 'last'] satisfies Survival['names'][]).flatMap((names) =>
  (['none', 'half', 'all'] satisfies Survival['bytes'][]).map((bytes) => ({ names, bytes })),
)

/** Works until the power fails; gives what was acknowledged, as `position aggregate version`. */
async function work(disk: VolatileDisk): Promise<string[]> {
  const acknowledged: string[] = []
  const school = sqlite('a.db', { disk })
  const save = async (id: string, count: number, first = 1): Promise<void> => {
    const positions = await school.append(history(id, count, first))
    for (const [at, position] of positions.entries()) acknowledged.push(`${position} ${id} ${first + at}`)
  }
  try {
    await save('fido', 3)
    await Promise.all([save('rex', 2), save('buster', 1), save('fido', 1, 4)])
    await school.checkpoint()
    await save('fido', 2, 5)
    await save('rex', 1, 3)
    await school.query("UPDATE stored_snapshots SET topic = ''", { write: true })
    await save('rex', 1, 4)
  } catch {
    // The power is out.
  }
  await school.close().catch(() => {})
  return acknowledged
}

const read = async (school: SqliteRecorder): Promise<string[]> =>
  (await school.notifications()).map(({ id, aggregateId, version }) => `${id} ${aggregateId} ${version}`)

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
      const school = sqlite('a.db', { disk })
      const found = await read(school)
      t.same(
        acknowledged.filter((each) => !found.includes(each)),
        [],
        name,
      )
      const [fido, rex] = ['fido', 'rex'].map((id) => found.filter((each) => each.includes(id)).length)
      t.ok([0, 3, 4, 6].includes(fido!) && [0, 2, 3, 4].includes(rex!), `${name}: nothing by half`)
      await school.append([stored('luna', 1)])
      await school.close()
      disk.restart({ names: 'none', bytes: 'none' })
      const again = sqlite('a.db', { disk, readOnly: true })
      t.same(await read(again), [...found, `${found.length + 1} luna 1`], `${name}: it goes on`)
      t.equal((await again.status()).integrity, 'ok')
      await again.close()
    }
})
