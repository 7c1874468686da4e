/** The log of an application, and views that follow it. */
import { Aggregate, Application, event, Projection } from 'dog-school'
import t from 'tap'

@event('Registered')
class Dog extends Aggregate {
  constructor(readonly name: string) {
    super()
  }
  @event('TrickAdded')
  addTrick(trick: string) {
    return trick
  }
}

async function kennel(dogs: number) {
  const school = new Application(undefined, { name: 'kennel' })
  for (let i = 1; i <= dogs; i++) await school.save(new Dog(`dog ${i}`))
  return school
}

t.test('the log gives every event with its place and its name', async (t) => {
  const { notificationLog } = await kennel(3)
  const log = await notificationLog.select()
  t.match(log[1], { id: 2, topic: 'kennel:Dog.Registered', name: 'Registered', payload: { name: 'dog 2' }, version: 1 })
  const ids = async (query: Parameters<typeof notificationLog.select>[0]) =>
    (await notificationLog.select(query)).map(({ id }) => id)
  t.strictSame(await ids({ start: 2 }), [2, 3])
  t.strictSame(await ids({ start: 2, limit: 1 }), [2])
  t.strictSame(await ids({ stop: 2 }), [1, 2])
  t.strictSame(await ids({ topics: ['kennel:Dog.TrickAdded'] }), [])
  t.equal(await notificationLog.max(), 3)
})

t.test('the log in sections, as a remote reader asks for it', async (t) => {
  const { notificationLog } = await kennel(5)
  const sections = async (id: string | undefined): Promise<string[]> => {
    if (id === undefined) return []
    const section = await notificationLog.section(id)
    return [`${section.id} (${section.items.length})`, ...(await sections(section.nextId))]
  }
  t.strictSame(await sections('1,2'), ['1,2 (2)', '3,4 (2)', '5,5 (1)'])
  t.strictSame(await notificationLog.section('6,10'), { id: '', items: [], nextId: undefined })
  for (const wrong of ['', '1', '0,5', '5,1', 'a,b', '1,2,3'])
    await t.rejects(notificationLog.section(wrong), /A section id is its first and last position/)
})

t.test('a projection builds a view, and remembers how far it is', async (t) => {
  const school = await kennel(2500)
  const names = new Projection(school.notificationLog, () => ({ names: [] as string[] }), {
    Registered: (view, { payload }) => view.names.push(String(payload.name)),
  })
  await Promise.all([names.catchUp(), names.catchUp()])
  t.equal(names.view.names.length, 2500, 'two at once do the work once')
  const fido = new Dog('Fido')
  fido.addTrick('sit')
  await school.save(fido)
  t.equal((await names.catchUp()).names.at(-1), 'Fido')
  t.equal(names.position, 2502)
})

t.test('a handler that throws is tried again, and nothing is left out or done twice', async (t) => {
  const school = await kennel(3)
  let failing = true
  const seen = new Projection(school.notificationLog, () => [] as number[], {
    Registered(view, { id }) {
      if (id === 2 && failing) throw new Error('not now')
      view.push(id)
    },
  })
  await t.rejects(seen.catchUp(), { message: 'not now' })
  t.equal(seen.position, 1)
  failing = false
  t.strictSame(await seen.catchUp(), [1, 2, 3])
})
