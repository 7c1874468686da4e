/** A remote log that is not what it says: whatever answers, the client says what is wrong, and believes nothing of it. */
import {
  CorruptEventError,
  defineEvent,
  EventSourcingError,
  LogChangedError,
  on,
  Projection,
  RemoteLogError,
} from 'dog-school'
import { remoteLog } from 'dog-school/http'
import t from 'tap'
import { ask, dog, handlerOf, kennel, nearby, remote, token } from './dogs'

const TrickAdded = defineEvent('TrickAdded', ['trick'])
type Content = { next_id: string | null; items: Record<string, unknown>[]; position: number }

/** A log whose answers are changed on the way. */
async function lying(change: (content: Content) => unknown, events = 5) {
  const handler = handlerOf(await kennel(events))
  return nearby(async (request) => {
    const { pathname, search } = new URL(request.url)
    const path = `${pathname.split('/').at(-1)}${search}`
    const { content } = await ask(handler, path, { signal: request.signal })
    return Response.json(change(content as never) ?? content)
  })
}
/** The first item has these fields. */
const first = (fields: object) => (content: Content) => ({
  ...content,
  items: [{ ...content.items[0], ...fields }, ...content.items.slice(1)],
})
const refused = { name: 'RemoteLogError', code: 'REMOTE_LOG', isTemporary: false }

t.test('an answer that cannot be one is refused', async (t) => {
  const lies: Record<string, (content: Content) => unknown> = {
    'positions go backwards': ({ items }) => void items.reverse(),
    'a position repeats': ({ items }) => void items.splice(1, 0, items[0] as never),
    'a position is before the first': ({ items }) => void items.unshift({ ...items[0], id: 1 }),
    'a position is after the last': (content) => void content.items.push({ ...content.items[0], id: 5 }),
    'more than was asked for': (content) => void content.items.push({ ...content.items[0], id: 4 }),
    'another topic': first({ topic: 'kennel:Dog.Registered' }),
    'no items': (content) => ({ ...content, items: undefined }),
    'items are an object': (content) => ({ ...content, items: { length: 1, 0: content.items[0] } }),
    'an item is null': (content) => ({ ...content, items: [null] }),
    'an item is text': (content) => ({ ...content, items: ['Registered'] }),
    'no position': first({ id: undefined }),
    'a position is text': first({ id: '2' }),
    'a position is half': first({ id: 2.5 }),
    'a position is null': first({ id: null }),
    'a version is 0': first({ originator_version: 0 }),
    'a version is text': first({ originator_version: '1' }),
    'an id is a number': first({ originator_id: 7 }),
    'an id is empty': first({ originator_id: '' }),
    'no topic': first({ topic: undefined }),
    'no state': first({ state: undefined }),
    'a state is an object': first({ state: {} }),
    'a state is not base64': first({ state: '{"trick":"sit"}!' }),
    'a state is cut base64': first({ state: 'abcde' }),
    'a state is only padding': first({ state: '==' }),
    'the newest is text': (content) => ({ ...content, position: '5' }),
    'the newest is below 0': (content) => ({ ...content, position: -1 }),
    'the newest is missing': (content) => ({ ...content, position: undefined }),
    'the log has no id': (content) => ({ ...content, log_id: '' }),
    'the id of the log is long': (content) => ({ ...content, log_id: 'a'.repeat(201) }),
    'the id of the log moves the cursor': (content) => ({ ...content, log_id: '\u001b[2J' }),
    'an array': ({ items }) => items,
    'a text': () => 'null',
    'a number': () => 7,
  }
  for (const [name, lie] of Object.entries(lies))
    await t.test(name, async (t) => {
      const log = await lying(lie)
      const select = log.select({ start: 2, stop: 4, limit: 3, topics: ['kennel:Dog.TrickAdded'] })
      await t.rejects(select, { ...refused, message: /: give the address of a log/ })
    })
})

t.test('a page that goes on without end is read no further than the log was at first', async (t) => {
  let asked = 0
  const log = await lying((content) => {
    asked++
    content.position = 3
    content.items.length = Math.min(content.items.length, 1)
    content.next_id = '1,5'
  })
  t.equal((await log.select()).length, 3)
  t.equal(asked, 3)
  const empty = await lying((content) => ({ ...content, items: [], next_id: '1,5' }))
  t.strictSame(await empty.select(), [], 'one without events is the last')
})

t.test('a state that is base64 but no event is told of as a row of any store', async (t) => {
  for (const state of ['', 'AAAA', '/w==', btoa('{}'), btoa('[]')]) {
    const log = await lying(first({ state }))
    const error = await log.select().catch((error) => error)
    t.ok(error instanceof CorruptEventError, state)
  }
})

t.test('what is no log says so', async (t) => {
  const answer = (body: string | undefined, init: ResponseInit = {}) =>
    nearby(async () => new Response(body ?? null, init)).select()
  const html = { headers: { 'content-type': 'text/html' } }
  await t.rejects(answer('<!doctype html><p>Sign in', html), { ...refused, message: /"text\/html" that is not JSON/ })
  for (const body of ['', '{', 'null', '"log"', '[]', '{}', '1e999', '['.repeat(1_000_000), '\ufeff', '{"items":[]}'])
    await t.rejects(answer(body), refused, body.slice(0, 20))
  await t.rejects(nearby(async () => new Response(new Uint8Array([0xff, 0xfe]))).select(), { name: 'RemoteLogError' })
  await t.rejects(answer(undefined, { status: 204 }), refused)
})

t.test('each refusal says what to do', async (t) => {
  const status = (status: number, body = '') => nearby(async () => new Response(body || null, { status })).select()
  await t.rejects(status(401), { ...refused, message: /refuses the token \(401\): give remoteLog\(\) the token/ })
  const unnamed = nearby(async () => new Response(null, { status: 401 }), { token: undefined })
  await t.rejects(unnamed.max(), { ...refused, message: /asks for a token \(401\): give remoteLog/ })
  await t.rejects(status(403), { ...refused, message: /refuses the token/ })
  await t.rejects(status(404, '<h1>Not found</h1>'), { ...refused, message: /There is no log at .* \(404\)/ })
  await t.rejects(status(405), { ...refused, message: /There is no log at/ })
  await t.rejects(status(400, '{"code":"BAD_REQUEST","message":"no"}'), { message: /\(400, "BAD_REQUEST: no"\)/ })
  await t.rejects(status(418), { ...refused, message: /refuses the question \(418\)/ })
  await t.rejects(status(206, '{"items":[]}'), { ...refused, message: /refuses the question \(206\)/ })
  for (const late of [408, 429, 500, 502, 503, 504])
    await t.rejects(status(late), { code: 'REMOTE_LOG', isTemporary: true, message: /cannot answer now/ })
  const loud = JSON.stringify({ code: 'X', message: `\u001b[31m\n${'!'.repeat(9000)}` })
  const error: Error = await status(500, loud).catch((error) => error)
  t.ok(error.message.length < 400, 'what others say is cut')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for
  t.notMatch(error.message, /[\u0000-\u001f]/)
})

t.test('a redirect is not followed, so the token goes nowhere else', async (t) => {
  for (const status of [301, 302, 303, 307, 308] as const) {
    const asked: string[] = []
    const log = nearby(async (request) => {
      asked.push(request.url)
      t.equal(request.redirect, 'manual')
      return Response.redirect('http://elsewhere.example/', status)
    })
    await t.rejects(log.max(), { ...refused, message: /redirects to another address, to which the token is not sent/ })
    t.equal(asked.length, 1)
  }
  const opaque = { type: 'opaqueredirect', status: 0, headers: new Headers() } as Response
  await t.rejects(nearby(async () => opaque).max(), { message: /redirects/ }, 'as a browser says it')
})

t.test('more bytes than it takes are not read', async (t) => {
  let sent = 0
  const endless = () =>
    new ReadableStream({
      pull(controller) {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536).fill(0x20))
      },
    })
  const log = (status: number) => nearby(async () => new Response(endless(), { status }), { maxBytes: 1_000_000 })
  await t.rejects(log(200).select(), { ...refused, message: /sends more than the client takes: ask for fewer/ })
  t.ok(sent < 1_300_000, `${sent} bytes`)
  sent = 0
  await t.rejects(log(500).select(), { code: 'REMOTE_LOG', isTemporary: true }, 'an error message neither')
  t.ok(sent < 300_000, `${sent} bytes`)
  const handler = handlerOf(await kennel(2000))
  const all = nearby(handler, { maxBytes: 400_000 })
  await t.rejects(all.select(), { message: /fewer events/ }, 'the answers to one call count together')
  t.equal((await all.select({ limit: 900 })).length, 900)
  t.equal((await all.select({ limit: 900 })).length, 900, 'and to each call anew')
})

t.test('another log is not taken for the one before', async (t) => {
  const [one, two] = [handlerOf(await kennel(3)), handlerOf(await kennel(3))]
  let now = one
  const log = nearby((request) => now(request))
  await log.select()
  now = two
  for (const read of [() => log.select(), () => log.max(), () => log.section('1,2'), () => log.logId()])
    await t.rejects(async () => read(), { code: 'LOG_CHANGED', message: /another log than before/ })
  now = one
  t.equal((await log.select()).length, 3)
  const other = nearby(one, { name: 'shop' })
  const error = await other.select().catch((error) => error)
  t.ok(error instanceof LogChangedError)
  t.match(error.message, /has the log of "kennel", not of 'shop'/)
})

t.test('an answer that is behind what was seen before is refused, not taken for the end of the log', async (t) => {
  for (const events of [0, 1, 4]) {
    // One of two servers, or a log that was cut between two questions.
    const log = await lying((content) => {
      if (!content.items) return
      content.items = content.items.filter(({ id }) => Number(id) <= events)
      content.next_id = null
      content.position = events
    })
    const message = new RegExp(`ends at position ${events}, but went up to 5 before: it was cut, or one of several`)
    t.equal(await log.max(), 5)
    await t.rejects(log.select(), { code: 'LOG_CHANGED', message })
    const seen: number[] = []
    const follow = async () => {
      for await (const { id } of log.follow()) seen.push(id)
    }
    await t.rejects(follow(), { code: 'LOG_CHANGED', message })
    t.strictSame(seen, [])
    const projection = new Projection(log, () => ({ count: 0 }), [on(TrickAdded, (view) => view.count++)])
    await t.rejects(projection.catchUp(), { code: 'LOG_CHANGED' })
    t.equal(projection.position, 0)
  }
  // Answers that overtake one another are no lie.
  const school = await kennel(5)
  const handler = handlerOf(school)
  let go = (): void => undefined
  const held = new Promise<void>((resolve) => (go = resolve))
  let asked = 0
  const log = nearby(async (request) => {
    const isFirst = ++asked === 1
    const response = await handler(request)
    if (isFirst) await school.save(dog(1)).then(() => held)
    return response
  })
  const early = log.max()
  while ((await log.max()) === 5);
  go()
  t.equal(await early, 5)
})

t.test('an address, a token and numbers that mean nothing are refused at once', async (t) => {
  for (const url of [
    '',
    'kennel',
    'ftp://kennel.example',
    'file:///log',
    'http://ann:secret@kennel.example',
    'http://kennel.example?x=1',
    'http://kennel.example/#a',
  ])
    t.throws(() => remote(url), { name: 'TypeError', message: /^The address of a remote log is https/ }, url)
  for (const token of ['', ' ', 'a b', 'a\nb', 'é'])
    t.throws(() => remote('http://kennel.example', { token }), { name: 'TypeError', message: /is the variable set/ })
  for (const name of ['timeout', 'maxBytes', 'wait', 'retryDelay'])
    for (const value of [Number.NaN, Infinity, 2 ** 31, 0])
      t.throws(() => remote('http://kennel.example', { [name]: value }), { message: new RegExp(name) })
  for (const wrong of [undefined, {}, { name: '' }])
    t.throws(() => remoteLog('http://kennel.example', wrong as never), { message: /the name of the application/ })
  for (const wrong of [{ start: Number.NaN }, { stop: 1.5 }, { limit: '3' as never }])
    await t.rejects(nearby(handlerOf(await kennel(1))).select(wrong), TypeError)
})

t.test('no error shows the token', async (t) => {
  const asked: Response[] = [
    new Response(null, { status: 401 }),
    new Response('<'),
    new Response(null, { status: 500 }),
  ]
  for (const response of asked) {
    const error = await nearby(async () => response)
      .select()
      .catch((error) => error)
    t.ok(error instanceof RemoteLogError && error instanceof EventSourcingError)
    t.notMatch(`${error.stack}${JSON.stringify(error)}`, new RegExp(token))
  }
})
