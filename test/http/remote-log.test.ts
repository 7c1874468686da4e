/** The client reads what a reader on the same machine would read, whatever it asks for. */
import {
  Aggregate,
  Application,
  defineEvent,
  event,
  type FormerEvents,
  MemoryRecorder,
  on,
  Projection,
} from 'dog-school'
import { remoteLog, serveLog } from 'dog-school/http'
import { sqlite } from 'dog-school/sqlite'
import fc from 'fast-check'
import { Hono } from 'hono'
import t from 'tap'
import { Dog, dog, handlerOf, kennel, nearby, remote, token } from './dogs'

for (const [store, recorder] of [
  ['memory', () => new MemoryRecorder()],
  ['SQLite', () => sqlite(':memory:')],
] as const)
  t.test(`select answers every query as the log itself does, from ${store}`, async (t) => {
    const school = await kennel(3, recorder())
    for (const events of [1, 4, 2]) await school.save(dog(events))
    const position = fc.oneof(
      fc.integer({ min: -2, max: 14 }),
      fc.constantFrom(Infinity, -Infinity, 2 ** 53, 10 ** 15, -(2 ** 60)),
    )
    const topics = fc.subarray(['kennel:Dog.Registered', 'kennel:Dog.TrickAdded', 'kennel:Cat.Born', 'a b&c=ü'])
    const [few, bytes] = [fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 600 })]
    const query = fc.record({ start: position, stop: position, limit: position, topics }, { requiredKeys: [] })
    const property = fc.asyncProperty(query, few, bytes, async (query, maxEvents, maxBytes) => {
      const log = nearby(handlerOf(school, { maxEvents, maxBytes }))
      t.strictSame(await log.select(query), await school.notificationLog.select(query))
    })
    await t.resolves(fc.assert(property, { numRuns: process.env.DOG_SCHOOL_LONG === '1' ? 500 : 60 }))
    for (const id of ['1,3', '3,20', '11,20'])
      t.strictSame(await nearby(handlerOf(school)).section(id), await school.notificationLog.section(id))
    await t.rejects(nearby(handlerOf(school)).section('0,1'), TypeError)
    t.equal(await nearby(handlerOf(school)).max(), 10)
    t.equal(await nearby(handlerOf(school)).logId(), await school.notificationLog.logId())
    await school.close()
  })

t.test('compressed and encrypted states are opened by the reader, which has the key', async (t) => {
  const turn = (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0x5a)
  const cipher = { encrypt: turn, decrypt: turn }
  const school = new Application(new MemoryRecorder(), { name: 'kennel', cipher })
  await school.save(dog(3))
  const handler = handlerOf(school)
  const text = await (
    await handler(new Request('http://a/notifications', { headers: { authorization: `Bearer ${token}` } }))
  ).text()
  t.notMatch(Buffer.from(JSON.parse(text).items[1].state, 'base64').toString('latin1'), /trick/)
  t.match((await nearby(handler, { cipher }).select()).at(-1), { payload: { trick: 'trick 3' } })
  await t.rejects(nearby(handler).select(), { code: 'CORRUPT_EVENT' })
})

t.test('a reader has its own form of the events', async (t) => {
  const school = await kennel(2)
  @event('Registered')
  class Pupil extends Aggregate {
    static override readonly topic = 'kennel:Dog'
    static override readonly former: FormerEvents = { TrickAdded: ({ trick }) => [['Learnt', { what: trick }]] }
    constructor(readonly name: string) {
      super()
    }
    @event(defineEvent('Learnt', ['what']))
    learn(what: string) {
      return what
    }
  }
  const log = nearby(handlerOf(school), { aggregates: [Pupil] })
  t.match((await log.select()).at(-1), { name: 'Learnt', payload: { what: 'trick 2' }, topic: 'kennel:Dog.TrickAdded' })
})

t.test('over node:http, a projection follows it like any other log', async (t) => {
  const school = await kennel(2500)
  const served = await serveLog(handlerOf(school))
  const TrickAdded = defineEvent('TrickAdded', ['trick'])
  const projection = new Projection(remote(served.url), () => new Set<unknown>(), [
    on(TrickAdded, (tricks: Set<unknown>, { payload }) => tricks.add(payload.trick)),
  ])
  t.equal((await projection.catchUp()).size, 2499)
  t.equal(projection.position, 2500)
  const buster = new Dog('Buster')
  buster.addTrick('bow')
  await school.save(buster)
  t.ok((await projection.catchUp()).has('bow'))
  await served.close()
  await t.rejects(projection.catchUp(), { code: 'REMOTE_LOG', isTemporary: true })
})

t.test('in Hono, beside other routes', async (t) => {
  const school = await kennel(3)
  const handler = handlerOf(school)
  const app = new Hono()
  app.get('/', (c) => c.text('Woof'))
  app.mount('/mounted', handler)
  app.all('/log/*', (c) => handler(c.req.raw))
  const served = await serveLog((request) => app.fetch(request))
  for (const path of ['/mounted', '/log', '/log/'])
    t.equal((await remote(`${served.url}${path}`).select()).length, 3, path)
  await t.rejects(remote(served.url).select(), { message: /There is no log at/ })
  t.equal(await (await fetch(served.url)).text(), 'Woof')
  await served.close()
  const inProcess = remoteLog('http://kennel.example/log', {
    name: 'kennel',
    aggregates: [Dog],
    token,
    fetch: async (request) => app.fetch(request),
  })
  t.equal(await inProcess.max(), 3)
})
