/** What the network does to a client: servers that are silent, slow, endless, or gone in the middle of a word. */
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { remote } from './dogs'

/** A server that does this with each connection. */
async function connections(t: Test, answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createSocketServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    socket.once('data', () => answer(socket))
  }).listen(0, '127.0.0.1')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function serving(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const body = JSON.stringify({ name: 'kennel', log_id: 'a', position: 3 })
const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
const temporary = { name: 'RemoteLogError', code: 'REMOTE_LOG', isTemporary: true }

t.test('the server of these tests is understood', async (t) => {
  const url = await connections(t, (socket) => socket.end(`${head}${body}`))
  t.equal(await remote(url).max(), 3)
})

t.test('one that stalls is left after the time that it has', async (t) => {
  const drip = (socket: Socket) => {
    // Longer than it drips: a body of spaces that is whole would be an answer.
    socket.write(head.replace(/(?<=Length: )\d+/, '9999'))
    const timer = setInterval(() => socket.write(' '), 1)
    socket.on('close', () => clearInterval(timer))
  }
  const stalls: Record<string, (socket: Socket) => void> = {
    'no answer': () => undefined,
    'half a head': (socket) => socket.write(head.slice(0, 30)),
    'no body': (socket) => socket.write(head),
    'half a body': (socket) => socket.write(`${head}${body.slice(0, 20)}`),
    'a slow drip': drip,
    'a refusal without an end': (socket) => socket.write(`${head.replace('200 OK', '500 No')}{`),
  }
  for (const [name, stall] of Object.entries(stalls)) {
    const url = await connections(t, stall)
    const error = await remote(url, { timeout: 50 })
      .max()
      .catch((error) => error)
    t.match(error, { ...temporary, message: /did not answer within 50 ms/ }, name)
  }
})

t.test('a fetch that knows no signals is left as well', async (t) => {
  const never = () => new Promise<Response>(() => undefined)
  await t.rejects(remote('http://kennel.example', { timeout: 5, fetch: never }).max(), temporary)
  const endless = async () => new Response(new ReadableStream({ pull: () => new Promise(() => undefined) }))
  await t.rejects(remote('http://kennel.example', { timeout: 5, fetch: endless }).max(), temporary)
})

t.test('one that breaks off is told of, wherever it does', async (t) => {
  const whole = `${head}${body}`
  const cuts = [0, 5, 40, head.length, head.length + 1, whole.length - 1]
  for (const cut of cuts) {
    const url = await connections(t, (socket) => socket.end(whole.slice(0, cut)))
    await t.rejects(remote(url).max(), { ...temporary, message: /or the connection broke/ }, `after ${cut} bytes`)
  }
  const chunked = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n`
  const url = await connections(t, (socket) => socket.end(chunked))
  await t.rejects(remote(url).max(), temporary, 'before the last chunk')
  const reset = await connections(t, (socket) => socket.resetAndDestroy())
  await t.rejects(remote(reset).max(), temporary, 'by a reset')
})

t.test('a connection that was kept, and is closed at the next question, is replaced once', async (t) => {
  let connected = 0
  const url = await connections(t, (socket) => {
    connected++
    socket.write(`${head}${body}`)
    socket.on('data', () => socket.destroy())
  })
  const log = remote(url)
  for (const connections of [1, 2, 3]) {
    t.equal(await log.max(), 3)
    t.equal(connected, connections)
  }
})

t.test('10 GB are not read', async (t) => {
  let sent = 0
  const piece = Buffer.alloc(1_000_000, ' ')
  const url = await serving(t, (_, response) => {
    response.setHeader('content-length', 10 ** 10)
    const write = () => {
      while (!response.destroyed && response.write(piece)) sent += piece.length
    }
    response.on('drain', write)
    write()
  })
  await t.rejects(remote(url, { maxBytes: 5_000_000 }).max(), { code: 'REMOTE_LOG', message: /sends more than/ })
  t.ok(sent < 100_000_000, `${sent} bytes were sent`)
  const bomb = gzipSync(Buffer.alloc(50_000_000))
  const bombing = await serving(t, (_, response) => {
    response.setHeader('content-encoding', 'gzip')
    response.end(bomb)
  })
  await t.rejects(remote(bombing, { maxBytes: 5_000_000 }).max(), { message: /sends more than/ }, 'packed neither')
})

t.test('a redirect is not followed, not even to the same server', async (t) => {
  const asked: (string | undefined)[] = []
  const elsewhere = await serving(t, (request, response) => {
    asked.push(request.headers.authorization)
    response.end(body)
  })
  for (const to of [`${elsewhere}/position`, '/here'])
    for (const status of [301, 302, 303, 307, 308]) {
      let count = 0
      const url = await serving(t, (_, response) => {
        count++
        response.writeHead(status, { location: to }).end()
      })
      await t.rejects(remote(url).max(), { code: 'REMOTE_LOG', isTemporary: false, message: /redirects/ })
      t.equal(count, 1)
    }
  t.strictSame(asked, [])
})

t.test('where nobody listens, it says so', async (t) => {
  const server = createSocketServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  const message = new RegExp(
    `http://127\\.0\\.0\\.1:${port}/position cannot be reached.*ECONNREFUSED.*: is it served there`,
  )
  await t.rejects(remote(`http://127.0.0.1:${port}`).max(), { ...temporary, message })
})
