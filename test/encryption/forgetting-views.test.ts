/** A view that was made of what is forgotten is not read any more, and made again from the events. */
import {
  type Application,
  type FollowableLog,
  follow,
  type LoggedEvent,
  MemoryRecorder,
  on,
  Projection,
  StoredProjection,
} from 'dog-school'
import { MemoryKeyStore, SubjectKeys } from 'dog-school/encryption'
import { sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { born, Dog, kennel, Registered, subjectOf } from './people'

const stores = { memory: () => new MemoryRecorder(), SQLite: () => sqlite(':memory:') }

for (const [where, open] of Object.entries(stores))
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
      await t.rejects(owners.view.get(rex.id), {
        code: 'VIEW_OUTDATED',
        message: /^The view owners was built before somebody was forgotten: build it again with rebuild\(\)/,
      })
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

const dogs = 3

/** Views of some dogs' owners; while the handler of one dog runs, the owner of another one is forgotten. */
async function forgottenMeanwhile(
  open: () => MemoryRecorder | ReturnType<typeof sqlite>,
  running: number,
  forgotten: number,
) {
  const store = new MemoryKeyStore()
  // Whoever forgets may be another process.
  const [keys, others] = [new SubjectKeys(store), new SubjectKeys(store)]
  const school = kennel(open(), { keys })
  const all = Array.from({ length: dogs }, (_, i) => new Dog(`Dog ${i}`, `Owner ${i}`, born))
  await school.save(...all)
  const { id } = all[forgotten] as Dog
  let isDue = false
  const look = ({ id: position }: LoggedEvent) => {
    if (isDue && position === running + 1) {
      isDue = false
      others.forget(subjectOf(id))
    }
  }
  const stored = () =>
    new StoredProjection<string>(school, {
      name: 'owners',
      form: '1',
      rebuildOutdated: true,
      handlers: [
        on(Registered, async (rows, event) => {
          look(event)
          // As one does who counts: a row that was stored before cannot be read any more.
          if (running % 2) await rows.get((all[0] as Dog).id)
          rows.set(event.aggregateId, event.payload.owner)
        }),
      ],
    })
  const inMemory = new Projection(school.notificationLog, () => new Map<string, string>(), [
    on(Registered, (view, event) => {
      look(event)
      view.set(event.aggregateId, event.payload.owner)
    }),
  ])
  const forgetting = () => {
    isDue = true
  }
  return { school, all, id, stored, inMemory, forgetting }
}

for (const [where, open] of Object.entries(stores))
  t.test(`${where}: whoever is forgotten while a view is made is not in it`, async (t) => {
    const ways: Record<string, (made: Awaited<ReturnType<typeof forgottenMeanwhile>>) => Promise<unknown>> = {
      'a stored view catches up': async ({ stored, id, forgetting }) => {
        forgetting()
        return (await stored().catchUp()).get(id)
      },
      'a stored view goes on': async ({ stored, id, forgetting }) => {
        await stored().step()
        forgetting()
        return (await stored().catchUp()).get(id)
      },
      'a stored view is rebuilt': async ({ stored, id, forgetting }) => {
        const view = stored()
        await view.catchUp()
        forgetting()
        return (await view.rebuild()).get(id)
      },
      'a stored view as of a past position': async ({ stored, id, forgetting }) => {
        forgetting()
        return (await stored().at(dogs)).get(id)
      },
      'a view in memory is rebuilt': async ({ inMemory, id, forgetting }) => {
        forgetting()
        return (await inMemory.rebuild()).get(id)
      },
      'a view in memory as of a past position': async ({ inMemory, id, forgetting }) => {
        forgetting()
        return (await inMemory.at(dogs)).get(id)
      },
    }
    for (const [what, way] of Object.entries(ways))
      for (let running = 1; running < dogs; running++)
        for (let forgotten = 0; forgotten < dogs; forgotten++) {
          const made = await forgottenMeanwhile(open, running, forgotten)
          const read = await way(made).catch((error) => error)
          if (read !== 'forgotten') t.equal(read, 'forgotten', `${what}: ${forgotten} while ${running} runs`)
          await made.school.close()
        }
    t.pass()
  })

t.test('a view of the log of another application forgets with that one', async (t) => {
  const keys = new SubjectKeys()
  const school = kennel(undefined, { keys })
  const fido = new Dog('Fido', 'Ann Abbott', born)
  await school.save(fido)
  const owners = new StoredProjection<string>(kennel(), {
    name: 'owners',
    form: '1',
    log: school.notificationLog,
    handlers: [on(Registered, (rows, { payload }) => rows.set('fido', payload.owner))],
  })
  await owners.catchUp()
  keys.forget(subjectOf(fido.id))
  await t.rejects(owners.catchUp(), { code: 'VIEW_OUTDATED', message: /before somebody was forgotten/ })
  await owners.rebuild()
  t.equal(await owners.view.get('fido'), 'forgotten')
})

t.test('a view in memory is made again by rebuild(), also if that was interrupted before', async (t) => {
  const keys = new SubjectKeys()
  const school: Application = kennel(undefined, { keys })
  const fido = new Dog('Fido', 'Ann Abbott', born)
  await school.save(fido, new Dog('Rex', 'Bob Brown', born))
  const control = new AbortController()
  let isInterrupted = false
  const owners = new Projection(school.notificationLog, () => [] as string[], [
    on(Registered, (view, { payload }) => {
      if (isInterrupted) control.abort()
      view.push(payload.owner)
    }),
  ])
  t.strictSame(await owners.catchUp(), ['Ann Abbott', 'Bob Brown'])
  isInterrupted = true
  await t.rejects(owners.rebuild({ signal: control.signal }))
  keys.forget(subjectOf(fido.id))
  t.strictSame(await owners.rebuild(), ['forgotten', 'Bob Brown'])
})

t.test('what a follower has read ahead is read again', async (t) => {
  const keys = new SubjectKeys()
  const school = kennel(undefined, { keys })
  const all = Array.from({ length: 5 }, (_, i) => new Dog(`Dog ${i}`, `Owner ${i}`, born))
  await school.save(...all)
  const read: unknown[] = []
  for await (const { id, payload } of school.follow()) {
    read.push(payload.owner)
    if (id === 2) keys.forget(subjectOf((all[3] as Dog).id))
    if (id === 5) break
  }
  t.strictSame(read, ['Owner 0', 'Owner 1', 'Owner 2', 'forgotten', 'Owner 4'])
})

t.test('of an event that was split, all parts are of one reading', async (t) => {
  let generation = 'a'
  const log: FollowableLog = {
    get generation() {
      return generation
    },
    select: async ({ start }) =>
      [1, 1, 2].filter((id) => id >= start).map((id, part) => ({ id, payload: { part, generation } }) as never),
    max: async () => 2,
    logId: async () => 'log',
    watch: () => () => undefined,
  }
  const read: unknown[] = []
  for await (const { id, payload } of follow(log)) {
    read.push(`${id} ${payload.generation}`)
    generation = 'b'
    if (id === 2) break
  }
  t.strictSame(read, ['1 a', '1 a', '2 b'])
})
