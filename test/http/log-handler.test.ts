/** The handler, asked without a server: what it answers, what it refuses, and what it says to whom. */
import { CorruptEventError, MemoryRecorder } from 'dog-school'
import { logHandler } from 'dog-school/http'
import t from 'tap'
import { ask, dog, handlerOf, kennel, open, token, Waiters } from './dogs'

t.test('a section is in the form of the Python library', async (t) => {
  const school = await kennel(3)
  const { status, headers, content } = await ask(handlerOf(school), 'notifications/1,2')
  const [first] = await school.recorder.notifications({ as: 'bytes' })
  t.equal(status, 200)
  t.equal(headers.get('content-type'), 'application/json; charset=utf-8')
  t.equal(headers.get('access-control-allow-origin'), null)
  t.strictSame(content, {
    id: '1,2',
    next_id: '3,4',
    items: content.items,
    name: 'kennel',
    log_id: await school.recorder.logId(),
    position: 3,
  })
  t.equal(content.items.length, 2)
  t.strictSame(content.items[0], {
    id: 1,
    originator_id: first?.aggregateId,
    originator_version: 1,
    topic: 'kennel:Dog.Registered',
    state: Buffer.from(first?.state as Uint8Array).toString('base64'),
  })
  t.match((await ask(handlerOf(school), 'notifications/4,9')).content, { id: null, next_id: null, items: [] })
})

t.test('the same by start, stop, limit and topics; at any path', async (t) => {
  const handler = handlerOf(await kennel(6))
  const ids = async (path: string) => (await ask(handler, path)).content.items.map(({ id }: { id: number }) => id)
  t.strictSame(await ids('notifications'), [1, 2, 3, 4, 5, 6])
  t.strictSame(await ids('notifications?start=2&stop=5&limit=3'), [2, 3, 4])
  t.strictSame(await ids('notifications?start=4&stop=2'), [])
  t.strictSame(await ids('notifications?start=0&limit=0'), [])
  t.strictSame(await ids('notifications?topic=kennel:Dog.Registered'), [1])
  t.strictSame(await ids('notifications?topic=kennel%3ADog.Registered&topic=kennel:Dog.TrickAdded&start=5'), [5, 6])
  t.strictSame(await ids('notifications/2,9?stop=3&topic=kennel:Dog.TrickAdded'), [2, 3])
  t.strictSame(await ids('of/the/notifications/2,3'), [2, 3])
})

t.test('an answer has so many events and bytes, and says where it goes on', async (t) => {
  const school = await kennel(350)
  const pages = async (options: object, path: string): Promise<number[]> => {
    const { content } = await ask(handlerOf(school, options), path)
    const rest = content.next_id ? await pages(options, `notifications/${content.next_id}`) : []
    return [content.items.length, ...rest]
  }
  t.strictSame(await pages({ maxEvents: 150 }, 'notifications'), [150, 150, 50])
  t.strictSame(await pages({ maxEvents: 150 }, 'notifications/1,999999999999999'), [150, 150, 50])
  const [one] = await school.recorder.notifications({ start: 300, limit: 1 })
  const size = one?.state.length ?? 0
  const bySize = await pages({ maxBytes: size * 120 }, 'notifications')
  t.equal(
    bySize.reduce((a, b) => a + b),
    350,
  )
  t.ok(
    bySize.slice(0, -1).every((count) => count >= 120 && count < 125),
    bySize.join(),
  )
  t.strictSame(await pages({ maxBytes: 1, maxEvents: 2 }, 'notifications/349,350'), [1, 1], 'but always one')
})

t.test('who has no token learns nothing, wherever and however it asks', async (t) => {
  const handler = handlerOf(await kennel(1), { token: ['old', token] })
  const answers = new Set<string>()
  for (const path of ['position', 'notifications/1,10', 'notifications?limit=x', 'nowhere'])
    for (const method of ['GET', 'POST', 'DELETE'])
      for (const authorization of [
        '',
        'Bearer',
        'Bearer wrong',
        `Basic ${token}`,
        token,
        `Bearer ${token}x`,
        'Bearer ol',
      ])
        answers.add(JSON.stringify(await ask(handler, path, { method, headers: { authorization } })))
  t.strictSame(
    [...answers].map((each) => JSON.parse(each)).map(({ status, content }) => ({ status, content })),
    [{ status: 401, content: { code: 'UNAUTHORIZED', message: 'Send the token of this log' } }],
  )
  for (const authorization of ['Bearer old', `bearer ${token}`])
    t.equal((await ask(handler, 'position', { headers: { authorization } })).status, 200)
  const { headers } = await ask(handler, 'position', { headers: {} })
  t.equal(headers.get('www-authenticate'), 'Bearer')
})

t.test('without a token only this machine is answered, and only where that was asked for', async (t) => {
  const school = await kennel(1)
  for (const wrong of ['', [], ['a', ''], 'a b', undefined, null, 0, [undefined], 'é'])
    t.throws(() => logHandler(school, { token: wrong as string }), { name: 'TypeError', message: /token/ })
  const handler = logHandler(school, { token: false })
  const status = async (host: string) => (await handler(new Request(`http://${host}/position`))).status
  for (const here of ['localhost', 'localhost:8080', '127.0.0.1', '127.1.2.3:1', '[::1]:8080'])
    t.equal(await status(here), 200, here)
  for (const elsewhere of ['kennel.example', '127.0.0.1.example', 'localhost.example', '10.0.0.1', '[::2]'])
    t.equal(await status(elsewhere), 403, elsewhere)
})

t.test('only GET, only what there is, only what makes sense', async (t) => {
  const handler = handlerOf(await kennel(3))
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const { status, headers, content } = await ask(handler, 'notifications', { method })
    t.strictSame([status, headers.get('allow'), content.code], [405, 'GET', 'METHOD_NOT_ALLOWED'], method)
  }
  t.equal(
    (
      await handler(
        new Request('http://kennel.example', { method: 'HEAD', headers: { authorization: `Bearer ${token}` } }),
      )
    ).status,
    405,
  )
  for (const path of [
    '',
    'positions',
    'position/1',
    'notifications/1,2/3',
    'notification',
    '..%2Fposition',
    '%6eotifications',
  ])
    t.match(await ask(handler, path), { status: 404, content: { code: 'NOT_FOUND' } }, path)
  for (const path of [
    ...['0,1', '3,1', '1', '1,', '-1,2', '1,2,3', 'a,b', '1%2C2', '%E0%A4%A', '1.5,2', '', '1,1000000000000000'].map(
      (id) => `notifications/${id}`,
    ),
    ...['-1', 'NaN', '1e3', '', '1.5', '0x10', ' 1', 'Infinity', '9'.repeat(16), '１'].flatMap((number) => [
      `notifications?start=${number}`,
      `notifications?limit=${number}`,
      `position?after=${number}`,
      `position?wait=${number}`,
    ]),
    'notifications?topics=a',
    'notifications?topic=%EF%BB%BFa',
    'notifications?topic=%00',
    'notifications?start=1&start=2',
    'notifications?Start=1',
    'notifications/1,2?start=1',
    'position?stop=1',
    'position?__proto__=1',
  ])
    t.match(await ask(handler, path), { status: 400, content: { code: 'BAD_REQUEST' } }, path)
  const topics = (count: number) => `notifications?${Array(count).fill('topic=kennel:Dog.Registered').join('&')}`
  t.match(await ask(handler, topics(200)), { status: 200, content: { items: { length: 1 } } })
  t.match(await ask(handler, topics(5000)), { status: 414, content: { code: 'TOO_LONG' } })
  for (const odd of ['%FF%FE', '%', "'%3B--", encodeURIComponent('🐶'), '+', ''])
    t.match(await ask(handler, `notifications?topic=${odd}`), { status: 200, content: { items: [] } }, odd)
})

t.test('what goes wrong inside is told to the application alone', async (t) => {
  const problems: unknown[] = []
  const recorder = new MemoryRecorder()
  const handler = handlerOf(open(recorder), { onProblem: (problem: unknown) => problems.push(problem) })
  const broken = new CorruptEventError('The file /home/ann/kennel.db is broken')
  recorder.notifications = () => Promise.reject(broken)
  const { status, content } = await ask(handler, 'notifications')
  t.equal(status, 500)
  t.strictSame(Object.keys(content), ['code', 'message'])
  t.notMatch(JSON.stringify(content), /home|kennel\.db|\.ts\b/)
  t.strictSame(problems, [broken])
  await recorder.close()
  t.match(await ask(handler, 'position'), { status: 503, content: { code: 'CLOSED' } })
  t.equal(problems.length, 1)
})

t.test('a question that waits is answered with the next event, at once', async (t) => {
  const school = await kennel(2)
  const handler = handlerOf(school, { maxWait: 1_000_000 })
  t.equal((await ask(handler, 'position?wait=1000000')).content.position, 2, 'it knows nothing yet')
  t.equal((await ask(handler, 'position?after=1&wait=1000000')).content.position, 2)
  t.equal((await ask(handler, 'position?after=9&wait=1000000')).content.position, 2, 'the log was cut')
  t.equal((await ask(handler, 'position?after=2')).content.position, 2)
  const waiting = Array.from({ length: 3 }, () => ask(handler, 'position?after=2&wait=1000000'))
  await school.save(dog(1))
  for (const { content } of await Promise.all(waiting)) t.equal(content.position, 3)
})

t.test('it waits no longer than it may, than the client, or than the store is open', async (t) => {
  const school = await kennel(2)
  const short = handlerOf(school, { maxWait: 1 })
  t.equal((await ask(short, 'position?after=2&wait=999999999')).content.position, 2)
  const handler = handlerOf(school, { maxFollowers: 1, maxWait: 1_000_000 })
  const waiters = new Waiters(school)
  const leaving = new AbortController()
  const headers = { authorization: `Bearer ${token}` }
  const url = 'http://kennel.example/position?after=2&wait=1000000'
  const left = handler(new Request(url, { headers, signal: leaving.signal }))
  await waiters.until(1)
  t.match(await ask(handler, 'position?after=2&wait=1000000'), { status: 503, content: { code: 'TOO_MANY_FOLLOWERS' } })
  t.equal((await ask(handler, 'position?after=1&wait=1000000')).status, 200, 'who does not wait takes no place')
  leaving.abort()
  t.equal((await left).status, 200)
  const last = ask(handler, 'position?after=2&wait=1000000')
  await waiters.until(1)
  await school.close()
  t.equal((await last).status, 503, 'a place was free again')
})

t.test('options that mean nothing are refused', async (t) => {
  const school = await kennel(0)
  for (const name of ['maxEvents', 'maxBytes', 'maxFollowers', 'maxWait'])
    for (const value of [0, -1, 1.5, 2 ** 31, Number.NaN, 'x'])
      t.throws(() => handlerOf(school, { [name]: value }), { name: 'TypeError', message: new RegExp(name) })
  for (const wrong of [[], [school], [school.notificationLog, { token }], [school.recorder, { token }]])
    t.throws(() => Reflect.apply(logHandler, undefined, wrong), { message: /takes an application and its options/ })
})
