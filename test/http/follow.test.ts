/** Following a log on another machine: each event once and in order, whatever becomes of the connection meanwhile. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { defineEvent, follow, MemoryRecorder, on, Projection } from 'dog-school'
import { type LogHandler, type ServedLog, serveLog } from 'dog-school/http'
import fc from 'fast-check'
import t from 'tap'
import { dog, handlerOf, kennel, nearby, remote, Waiters } from './dogs'

// On a busy machine, each of the random runs may take a second.
t.setTimeout(300_000)
const TrickAdded = defineEvent('TrickAdded', ['trick'])

t.test('events come as they are recorded, and it ends on the signal', async (t) => {
  const school = await kennel(2)
  const waiters = new Waiters(school)
  const served = await serveLog(handlerOf(school))
  const over = new AbortController()
  const seen: string[] = []
  const following = remote(served.url).follow({ signal: over.signal })
  for await (const { id, name } of following) {
    seen.push(`${id} ${name}`)
    if (id === 2) void waiters.until(1).then(() => school.save(dog(2)))
    if (id === 4) void waiters.until(1).then(() => school.save(dog(1)))
    if (id === 5) void waiters.until(1).then(() => over.abort())
  }
  t.strictSame(seen, ['1 Registered', '2 TrickAdded', '3 Registered', '4 TrickAdded', '5 Registered'])
  t.equal(following.position, 5)
  await waiters.until(0)
  await served.close()
})

t.test('by topics, after a position, by type', async (t) => {
  const school = await kennel(4)
  const log = nearby(handlerOf(school, { maxEvents: 2 }))
  const first = async (options: Parameters<typeof log.follow>[0]) => {
    for await (const { id } of log.follow(options)) return id
  }
  t.equal(await first({ after: 2 }), 3)
  t.equal(await first({ topics: ['kennel:Dog.TrickAdded'] }), 2)
  for await (const { payload } of log.follow({ topics: [TrickAdded], after: 2 })) {
    t.equal(payload.trick, 'trick 3')
    break
  }
  await t.rejects(first({ logId: 'another' }), { code: 'LOG_CHANGED' })
  await t.rejects(first({ after: 9 }), { code: 'LOG_CHANGED' })
})

t.test('several followers of one log ask one question for news', async (t) => {
  const school = await kennel(1)
  let asked = 0
  const handler = handlerOf(school)
  const log = nearby((request) => {
    if (/wait=[1-9]/.test(request.url)) asked++
    return handler(request)
  })
  const waiters = new Waiters(school)
  const third = async () => {
    for await (const { id } of log.follow()) if (id === 3) return id
  }
  const late = follow(log, { after: 1 })
  const all = [third(), third(), late.next()]
  await waiters.until(1)
  await school.save(dog(2))
  t.match(await Promise.all(all), [3, 3, { value: { id: 2 } }])
  t.ok(asked <= 3, `${asked} questions`)
  await late.return()
  await waiters.until(0)
})

t.test('a server that is not there yet, and one that starts again, are waited for', async (t) => {
  const school = await kennel(1)
  const waiters = new Waiters(school)
  let served: ServedLog | undefined
  const place = await serveLog(handlerOf(school))
  const port = Number(new URL(place.url).port)
  await place.close()
  const problems: Error[] = []
  const tell = { problem: (): void => undefined }
  const problem = () => new Promise<void>((resolve) => (tell.problem = resolve))
  const log = remote(place.url, {
    onProblem: (problem) => {
      problems.push(problem)
      tell.problem()
    },
  })
  const start = async () => {
    served = await serveLog(handlerOf(school), { port })
  }
  void problem().then(start)
  const seen: number[] = []
  for await (const { id } of log.follow()) {
    seen.push(id)
    if (id === 3) break
    void waiters.until(1).then(async () => {
      await served?.close()
      await school.save(dog(1))
      await start()
    })
  }
  t.strictSame(seen, [1, 2, 3])
  t.ok(problems.length >= 1 && problems.length <= 3, 'no outage is told of twice')
  t.match(
    problems,
    problems.map(() => ({ code: 'REMOTE_LOG', isTemporary: true })),
  )
  await served?.close()
  await t.rejects(log.max(), { code: 'REMOTE_LOG', isTemporary: true }, 'who does not follow does not wait')
})

t.test('an outage is told of once, however often it is tried, by whomever', async (t) => {
  const handler = handlerOf(await kennel(1))
  let failures = 40
  const problems: Error[] = []
  const log = nearby(
    async (request) => {
      if (failures-- > 0) throw new Error('down')
      return handler(request)
    },
    { onProblem: (problem) => problems.push(problem) },
  )
  const all = [log.follow(), log.follow()]
  for (const each of await Promise.all(all.map((following) => following.next()))) t.match(each, { value: { id: 1 } })
  await Promise.all(all.map((following) => following.return()))
  t.match(problems, [{ code: 'REMOTE_LOG', isTemporary: true, message: /\(down\)/ }])
  t.equal(problems.length, 1)
})

t.test('what came of answers that broke does not count as read', async (t) => {
  const handler = handlerOf(await kennel(3))
  let breaks = 10
  const breaking = async (request: Request) => {
    const response = await handler(request)
    if (!request.url.includes('notifications') || breaks-- <= 0) return response
    const bytes = new Uint8Array(await response.arrayBuffer())
    const pieces = [bytes.slice(0, 300)]
    const pull = (controller: ReadableStreamDefaultController) => {
      const piece = pieces.shift()
      if (piece) controller.enqueue(piece)
      else controller.error(new Error('broken'))
    }
    return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }))
  }
  const seen: number[] = []
  for await (const { id } of nearby(breaking, { maxBytes: 1500 }).follow()) {
    seen.push(id)
    if (id === 3) break
  }
  t.strictSame([seen, breaks < 0], [[1, 2, 3], true])
})

t.test('what cannot mend itself ends the loop, and says why', async (t) => {
  const school = await kennel(1)
  const other = await kennel(1)
  const waiters = new Waiters(school)
  let handler = handlerOf(school)
  const log = () => nearby((request) => handler(request))
  const after = async (change: () => LogHandler) => {
    handler = handlerOf(school)
    for await (const _ of log().follow({ after: 0 }))
      void waiters.until(1).then(async () => {
        handler = change()
        await school.save(dog(1))
      })
  }
  await t.rejects(
    after(() => handlerOf(school, { token: 'another' })),
    { code: 'REMOTE_LOG', message: /refuses the token/ },
  )
  await t.rejects(
    after(() => handlerOf(other)),
    { code: 'LOG_CHANGED', message: /another log than before/ },
  )
  await t.rejects(
    after(() => async () => new Response('<h1>Moved</h1>')),
    { message: /is not JSON/ },
  )
  const cut = async () => Response.json({ name: 'kennel', log_id: await school.recorder.logId(), position: 0 })
  await t.rejects(
    after(() => cut),
    { code: 'LOG_CHANGED', message: /ends at position 0/ },
  )
})

t.test('a refusal ends the loop although nothing new is recorded', async (t) => {
  const school = await kennel(1)
  const waiters = new Waiters(school)
  let handler = handlerOf(school)
  const following = nearby((request) => handler(request), { wait: 1 }).follow({ after: 1 })
  const next = following.next()
  await waiters.until(1)
  handler = handlerOf(school, { token: 'another' })
  await t.rejects(next, { code: 'REMOTE_LOG', message: /refuses the token/ })
})

t.test('where too many follow, one more asks now and then', async (t) => {
  const school = await kennel(1)
  const waiters = new Waiters(school)
  const handler = handlerOf(school, { maxFollowers: 1 })
  const [first, second] = [nearby(handler).follow({ after: 1 }), nearby(handler).follow({ after: 1 })]
  const news = first.next()
  await waiters.until(1)
  const late = second.next()
  await school.save(dog(1))
  t.match(await news, { value: { id: 2 } })
  t.match(await late, { value: { id: 2 } })
  await Promise.all([first.return(), second.return()])
})

t.test('a server that does not wait is not asked without end', async (t) => {
  const handler = handlerOf(await kennel(1))
  const over = new AbortController()
  // No time passes here: each answer comes at once, and a pause is over before it has begun.
  t.intercept(Date, 'now', { value: () => 0 })
  const pauses: number[] = []
  const { setTimeout } = globalThis
  const soon = (end: () => void, delay: number) => {
    // What is longer is a limit.
    if (delay > 1000) return setTimeout(end, delay)
    pauses.push(delay)
    return setTimeout(end)
  }
  t.intercept(globalThis, 'setTimeout', { value: soon })
  const log = nearby(async (request) => {
    if (pauses.length === 9) over.abort()
    return handler(new Request(request.url.replace(/&wait=\d+/, ''), request))
  })
  for await (const _ of log.follow({ after: 1, signal: over.signal })) t.fail('there is nothing')
  const least = pauses.map((_, before) => Math.min(2 ** before, 50) / 2)
  t.ok(pauses.length === 9 && pauses.every((pause, at) => pause >= (least[at] as number)), `paused for ${pauses} ms`)
})

t.test('a projection goes on after an outage', async (t) => {
  const school = await kennel(3)
  let isDown = false
  const handler = handlerOf(school)
  const log = nearby((request) => (isDown ? Promise.reject(new Error('down')) : handler(request)))
  const tricks = new Projection(log, () => [] as unknown[], [
    on(TrickAdded, (list: unknown[], { payload }) => list.push(payload.trick)),
  ])
  isDown = true
  await t.rejects(tricks.catchUp(), { code: 'REMOTE_LOG', message: /down/ })
  isDown = false
  t.strictSame(await tricks.catchUp(), ['trick 2', 'trick 3'])
})

/** Passes everything on, but breaks each connection after so many bytes of answers; at last it breaks no more. */
async function cutting(to: string, cuts: readonly number[]): Promise<{ url: string; close(): void }> {
  const left = [...cuts]
  const proxy = createServer((near) => {
    let rest = left.shift() ?? Infinity
    const far = connect(Number(new URL(to).port), '127.0.0.1')
    const end = () => {
      near.destroy()
      far.destroy()
    }
    for (const side of [near, far]) side.on('error', end).on('close', end)
    near.pipe(far)
    far.on('data', (bytes) => {
      near.write(bytes.subarray(0, rest))
      rest -= bytes.length
      if (rest <= 0) near.end(end)
    })
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, close: () => proxy.close() }
}

t.test('each event once and in order, over connections that break anywhere', async (t) => {
  const step = fc.record({ events: fc.integer({ min: 1, max: 6 }), restarts: fc.boolean() })
  const steps = fc.array(step, { minLength: 1, maxLength: 6 })
  const cuts = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 15 })
  const size = fc.integer({ min: 1, max: 5 })
  const property = fc.asyncProperty(steps, cuts, size, size, async (steps, cuts, maxEvents, limit) => {
    const school = await kennel(0, new MemoryRecorder())
    const served = await serveLog(handlerOf(school, { maxEvents }))
    const proxy = await cutting(served.url, cuts)
    const total = steps.reduce((sum, { events }) => sum + events, 0)
    const seen: number[] = []
    let position = 0
    let tell = (): void => undefined
    const all = new Promise<void>((resolve) => (tell = resolve))
    const client = async (signal: AbortSignal) => {
      // Enough for the largest answer, not for what comes of all that break.
      const following = remote(proxy.url, { maxBytes: 4000 }).follow({ after: position, signal, limit })
      for await (const { id } of following) {
        seen.push(id)
        position = following.position
        if (seen.length >= total) tell()
      }
    }
    let over = new AbortController()
    let running = client(over.signal)
    for (const { events, restarts } of steps) {
      await school.save(dog(events))
      if (!restarts) continue
      over.abort()
      await running
      over = new AbortController()
      running = client(over.signal)
    }
    await Promise.race([all, running])
    over.abort()
    await running
    proxy.close()
    await served.close()
    t.strictSame(
      seen,
      Array.from({ length: total }, (_, i) => i + 1),
    )
  })
  await t.resolves(fc.assert(property, { numRuns: process.env.DOG_SCHOOL_LONG === '1' ? 100 : 12 }))
})
