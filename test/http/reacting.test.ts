/** A process application that reacts to another one over HTTP. */
import { setTimeout as pause } from 'node:timers/promises'
import { Aggregate, Application, event, MemoryRecorder, ProcessApplication, System } from 'dog-school'
import { logHandler, remoteLog, serveLog } from 'dog-school/http'
import t from 'tap'

@event('Barked')
class Bark extends Aggregate {
  constructor(readonly loud: number) {
    super()
  }
}

t.test('each event that happens far away counts once, across outages and restarts', async (t) => {
  const yard = new Application(undefined, { name: 'yard', aggregates: [Bark] })
  const recorder = new MemoryRecorder()
  const handler = logHandler(yard, { token: 'bone', maxWait: 200 })
  let served = await serveLog(handler)
  const { port } = new URL(served.url)
  let isDown = false
  const begin = () => {
    const echo = new ProcessApplication(recorder, { name: 'echo', aggregates: [Bark] }).on(
      'Barked',
      ({ payload }, _work) => new Bark(Number(payload.loud) / 2),
    )
    const notificationLog = remoteLog(served.url, {
      name: 'yard',
      token: 'bone',
      fetch: (...args) => (isDown ? Promise.reject(new TypeError('fetch failed')) : fetch(...args)),
      onProblem: () => undefined,
    })
    return new System([[{ name: 'yard', notificationLog }, echo]])
  }
  let system = begin()
  system.start()
  const echoes = async (count: number) => {
    while ((await recorder.maxNotificationId()) < count) await pause(5)
    t.equal(await recorder.maxNotificationId(), count)
  }
  await yard.save(new Bark(8), new Bark(6))
  await echoes(2)
  isDown = true
  await yard.save(new Bark(4))
  await pause(50)
  isDown = false
  await echoes(3)
  await system.stop()
  await served.close()
  await yard.save(new Bark(2))
  served = await serveLog(handler, { port: Number(port) })
  system = begin()
  system.start()
  await echoes(4)
  t.equal(await recorder.maxTrackingId('yard'), 4)
  t.equal(system.pipes[0]?.error, undefined)
  const [, last] = await recorder.notifications({ start: 3 })
  t.match(last?.state, /"causation":"yard:4"/)
  await system.close()
  await served.close()
})
