/** A process application reacts to one on another machine: each event exactly once, whatever breaks or starts again. */
import { type Application, defineEvent, MemoryRecorder, ProcessApplication, System } from 'dog-school'
import { serveLog } from 'dog-school/http'
import t from 'tap'
import { Dog, dog, handlerOf, kennel, remote } from './dogs'

const TrickAdded = defineEvent('TrickAdded', ['trick'])

/** Records a dog for each trick that is learnt elsewhere. */
class Fans extends ProcessApplication {
  constructor(recorder: MemoryRecorder, recorded: (name: string) => void = () => undefined) {
    super(recorder, { name: 'fans', aggregates: [Dog] })
    this.on(TrickAdded, ({ payload }) => {
      recorded(String(payload.trick))
      return new Dog(`fan of ${payload.trick}`)
    })
  }
}
const names = async (school: Application) =>
  (await school.notificationLog.select()).map(({ payload }) => String(payload.name))
const expected = (tricks: number) => Array.from({ length: tricks }, (_, i) => `fan of trick ${i + 2}`)

t.test('through outages and restarts of both', async (t) => {
  const school = await kennel(0)
  const place = await serveLog(handlerOf(school))
  const port = Number(new URL(place.url).port)
  let served = place
  let restarted = Promise.resolve()
  const restart = async () => {
    await served.close()
    served = await serveLog(handlerOf(school), { port })
  }
  const store = new MemoryRecorder()
  const fido = dog(1)
  await school.save(fido)
  for (let round = 0; round < 5; round++) {
    const last = `trick ${round * 3 + 4}`
    const over = new AbortController()
    const fans = new Fans(store, (trick) => {
      // The server breaks off while an event is dealt with, and starts again.
      if (trick === last) return over.abort()
      if (round % 2 === 0) restarted = restarted.then(restart)
    })
    const reacting = fans.reactTo({ name: 'kennel', notificationLog: remote(place.url) }, { signal: over.signal })
    for (let i = 0; i < 3; i++) {
      fido.addTrick(`trick ${round * 3 + i + 2}`)
      await school.save(fido)
    }
    await reacting
    await restarted
    t.strictSame(await names(fans), expected(round * 3 + 3))
    t.equal(await store.maxTrackingId('kennel'), round * 3 + 4)
  }
  await served.close()
})

t.test('a system that is started before the log can be reached waits for it, or until it is stopped', async (t) => {
  const school = await kennel(2)
  const handler = handlerOf(school)
  let isDown = true
  let recorded = (): void => undefined
  let tries = 0
  let tried = (): void => undefined
  const fetch = (request: Request) => {
    if (++tries > 6) tried()
    return isDown ? Promise.reject(new Error('down')) : handler(request)
  }
  const fans = new Fans(new MemoryRecorder(), () => recorded())
  const notificationLog = remote('http://kennel.example', { fetch })
  const system = new System([[{ name: 'kennel', notificationLog }, fans]])
  await t.rejects(system.settle(), { code: 'REACTION_FAILED', message: /^fans cannot follow kennel: .*\(down\)/ })
  for (const isStopped of [true, false]) {
    tries = 0
    const waits = new Promise<void>((resolve) => (tried = resolve))
    system.start()
    await waits
    t.equal(system.pipes[0]?.isRunning, true)
    if (isStopped) await system.stop()
    t.equal(system.pipes[0]?.error, undefined)
  }
  await new Fans(new MemoryRecorder()).reactTo({ name: 'kennel', notificationLog }, { signal: AbortSignal.abort() })
  const comes = new Promise<void>((resolve) => (recorded = resolve))
  isDown = false
  await comes
  await system.stop()
  t.strictSame(
    (await fans.notificationLog.select()).map(({ metadata }) => metadata?.causation),
    ['kennel:2'],
  )
  t.equal(system.pipes[0]?.error, undefined)
})

t.test('what the log says wrong stops it, with what was dealt with before', async (t) => {
  const school = await kennel(3)
  const fans = new Fans(new MemoryRecorder())
  let handler = handlerOf(school, { maxEvents: 2 })
  const notificationLog = remote('http://kennel.example', { fetch: (request) => handler(request) })
  t.equal(await fans.catchUpWith({ name: 'kennel', notificationLog }), 2)
  handler = handlerOf(await kennel(9))
  await t.rejects(fans.catchUpWith({ name: 'kennel', notificationLog }), { cause: { code: 'LOG_CHANGED' } })
  t.strictSame(await names(fans), expected(2))
})
