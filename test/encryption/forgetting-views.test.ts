/** A view that was made of what is forgotten is not read any more, and made again from the events. */
import { MemoryRecorder, on, Projection, StoredProjection } from 'dog-school'
import { SubjectKeys } from 'dog-school/encryption'
import { sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { born, Dog, kennel, Registered, subjectOf } from './people'

for (const [where, open] of Object.entries({ memory: () => new MemoryRecorder(), SQLite: () => sqlite(':memory:') }))
  for (const rebuildOutdated of [true, false])
    t.test(`${where}, ${rebuildOutdated ? 'rebuilt by itself' : 'rebuilt by hand'}`, async (t) => {
      const keys = new SubjectKeys()
      const school = kennel(open(), { keys })
      const [fido, rex] = [new Dog('Fido', 'Ann Abbott', born), new Dog('Rex', 'Bob Brown', born)]
      await school.save(fido, rex)
      const projection = () =>
        new StoredProjection<string>(school, {
          name: 'owners',
          form: '1',
          rebuildOutdated,
          handlers: [on(Registered, (rows, { aggregateId, payload }) => rows.set(aggregateId, payload.owner))],
        })
      const owners = projection()
      await owners.catchUp()
      t.equal(await owners.view.get(fido.id), 'Ann Abbott')
      const [[, before] = []] = await school.recorder.viewRows('owners', { keys: [fido.id] })
      t.notMatch(String(before), /Abbott/)
      keys.forget(subjectOf(fido.id))
      const other = projection()
      for (const each of [owners, other]) {
        if (!rebuildOutdated && each === owners) {
          await t.rejects(each.catchUp(), { code: 'VIEW_OUTDATED' })
          await each.rebuild()
        }
        await each.catchUp()
        t.equal(await each.view.get(fido.id), 'forgotten')
        t.equal(await each.view.get(rex.id), 'Bob Brown')
      }
      await school.close()
    })

t.test('a view in memory is made again by rebuild()', async (t) => {
  const keys = new SubjectKeys()
  const school = kennel(undefined, { keys })
  const fido = new Dog('Fido', 'Ann Abbott', born)
  await school.save(fido)
  const owners = new Projection(school.notificationLog, () => [] as string[], [
    on(Registered, (view, { payload }) => void view.push(payload.owner)),
  ])
  t.strictSame(await owners.catchUp(), ['Ann Abbott'])
  keys.forget(subjectOf(fido.id))
  t.strictSame(await owners.rebuild(), ['forgotten'])
})
