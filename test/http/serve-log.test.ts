/** `serveLog` on node:http: who reaches it, and what clients do that are slow, odd or gone. */
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { logHandler, serveLog } from 'dog-school/http'
import { Hono } from 'hono'
import t from 'tap'
import { dog, handlerOf, kennel, remote, token, Waiters } from './dogs'

const authorization = `Bearer ${token}`

/** Writes this to the server, and gives all that it answers until it closes. */
async function said(url: string, text: string): Promise<string> {
  const socket = socketTo(url)
  socket.write(text)
  let answer = ''
  for await (const chunk of socket.setEncoding('latin1')) answer += chunk
  return answer
}
const socketTo = (url: string): Socket => connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined)

t.test('listens on this machine alone, unless it is told otherwise', async (t) => {
  const school = await kennel(3)
  const served = await serveLog(handlerOf(school))
  t.match(served.url, /^http:\/\/127\.0\.0\.1:\d+$/)
  t.equal((await remote(served.url).select()).length, 3)
  const { port } = new URL(served.url)
  await t.rejects(serveLog(handlerOf(school), { port: Number(port) }), {
    code: 'REMOTE_LOG',
    message: /EADDRINUSE.*: choose another/,
  })
  await served.close()
  for (const port of [-1, 65_536, 1.5, Number.NaN, '8080'])
    await t.rejects(serveLog(handlerOf(school), { port: port as number }), { name: 'TypeError', message: /^port of/ })
  await t.rejects(serveLog(handlerOf(school), { timeout: 0 }), { name: 'TypeError', message: /^timeout of/ })
  await t.rejects(serveLog(school as never), { name: 'TypeError', message: /takes a handler: serveLog\(logHandler/ })
  await t.rejects(serveLog(handlerOf(school), { host: '203.0.113.1' }), { message: /choose another port or host/ })
  const open = logHandler(school, { token: false })
  for (const host of ['0.0.0.0', '::', 'kennel.example'])
    await t.rejects(serveLog(open, { host }), { name: 'TypeError', message: /give logHandler\(\) a token/ })
  for (const host of ['127.0.0.1', 'localhost', '::1', '[::1]']) {
    const served = await serveLog(open, { host })
    t.equal(await remote(served.url, { token: undefined }).max(), 3, served.url)
    t.match(served.url, host.includes(':') ? /^http:\/\/\[::1\]:\d+$/ : `http://${host}:`)
    await served.close()
  }
  const everywhere = await serveLog(handlerOf(school), { host: '0.0.0.0' })
  t.equal(await remote(everywhere.url).max(), 3)
  await everywhere.close()
})

t.test('another site that gives this machine its name is refused where there is no token', async (t) => {
  const served = await serveLog(logHandler(await kennel(1), { token: false }))
  const rest = 'Connection: close\r\n\r\n'
  t.match(await said(served.url, `GET /position HTTP/1.1\r\nHost: localhost\r\n${rest}`), /^HTTP\/1\.1 200 /)
  for (const host of ['evil.example', 'localhost.evil.example', 'localhost@evil.example', 'evil.example/'])
    t.match(await said(served.url, `GET /position HTTP/1.1\r\nHost: ${host}\r\n${rest}`), /^HTTP\/1\.1 40[03] /, host)
  for (const path of ['//evil.example/position', 'http://evil.example/position'])
    t.match(await said(served.url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${rest}`), /^HTTP\/1\.1 403 /, path)
  await served.close()
})

t.test('odd requests are answered, and the next one as well', async (t) => {
  const served = await serveLog(handlerOf(await kennel(1)))
  const rest = `Authorization: ${authorization}\r\nConnection: close\r\n\r\n`
  for (const [line, status] of [
    ['GET http://kennel.example/position HTTP/1.1\r\nHost: localhost', 200],
    ['GET * HTTP/1.1\r\nHost: localhost', 404],
    ['GET /%zz HTTP/1.1\r\nHost: localhost', 404],
    ['GET /position?%ff%00=%zz HTTP/1.1\r\nHost: localhost', 400],
    ['GET /position HTTP/1.1\r\nHost: a b', 400],
    ['GET /position HTTP/1.0', 200],
    ['HEAD /position HTTP/1.1\r\nHost: localhost', 405],
    ['TRACE /position HTTP/1.1\r\nHost: localhost', 400],
    ['GET /position HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket', 200],
    [`GET /position?topic=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost`, 431],
    ['nonsense', 400],
  ] as const)
    t.match(await said(served.url, `${line}\r\n${rest}`), new RegExp(`^HTTP/1\\.1 ${status}`), line.slice(0, 60))
  t.equal(await said(served.url, 'CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n'), '')
  t.equal(await remote(served.url).max(), 1)
  await served.close()
})

t.test('what is sent with a refused method is not read', async (t) => {
  const served = await serveLog(handlerOf(await kennel(1)))
  const socket = socketTo(served.url)
  socket.write(
    `POST /position HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nContent-Length: 9999999999\r\n\r\n`,
  )
  let answer = ''
  socket.setEncoding('latin1').on('data', (chunk) => (answer += chunk))
  const write = () => socket.write('x'.repeat(65_536), (error) => error ?? write())
  write()
  await new Promise((resolve) => socket.once('close', resolve))
  t.match(answer, /^HTTP\/1\.1 405 .*"METHOD_NOT_ALLOWED"/s)
  await served.close()
})

t.test('a client that leaves gives up its place', async (t) => {
  const school = await kennel(1)
  const served = await serveLog(handlerOf(school, { maxFollowers: 1 }))
  const waiters = new Waiters(school)
  const url = `${served.url}/position?after=1&wait=30000`
  const leaving = request(url, { headers: { authorization } }).on('error', () => undefined)
  leaving.end()
  await waiters.until(1)
  leaving.destroy()
  await waiters.until(0)
  const next = fetch(url, { headers: { authorization } })
  await waiters.until(1)
  await school.save(dog(1))
  t.match(await (await next).json(), { position: 2 })
  await served.close()
})

t.test('close ends those who wait', async (t) => {
  const school = await kennel(1)
  const served = await serveLog(handlerOf(school))
  const waiters = new Waiters(school)
  const waiting = fetch(`${served.url}/position?after=1&wait=30000`, { headers: { authorization } })
  const broken = t.rejects(waiting)
  await waiters.until(1)
  await served.close()
  await broken
  await t.rejects(remote(served.url).max(), { isTemporary: true, message: /ECONNREFUSED/ })
})

t.test('an answer is made no faster than it is taken, and ends when nobody takes it', async (t) => {
  let made = 0
  let cancelled = (): void => undefined
  const over = new Promise<void>((resolve) => (cancelled = resolve))
  const pull = (controller: ReadableStreamDefaultController) => {
    made++
    controller.enqueue(new Uint8Array(65_536))
  }
  const endless = () => new Response(new ReadableStream({ pull, cancel: cancelled }))
  const served = await serveLog(endless, { timeout: 100 })
  const socket = socketTo(served.url)
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await over
  t.ok(made < 1000, `${made} pieces of 64 kB, most of them in the buffers of the system`)
  socket.destroy()
  await served.close()
})

t.test('a question that does not end is not waited for', async (t) => {
  const served = await serveLog(handlerOf(await kennel(1)), { timeout: 50 })
  t.match(await said(served.url, 'GET /position HTTP/1.1\r\nHost: loc'), /^HTTP\/1\.1 408 /)
  await served.close()
})

t.test('a handler that throws is one answer, not the end', async (t) => {
  const app = new Hono().get('/', (c) => c.text('Woof'))
  const served = await serveLog((request) => {
    if (request.url.endsWith('/throws')) throw new Error('/home/ann/secret')
    return app.fetch(request)
  })
  const response = await fetch(`${served.url}/throws`)
  t.strictSame([response.status, await response.text()], [500, ''])
  t.equal(await (await fetch(served.url)).text(), 'Woof')
  await served.close()
})
