/** Reading a log through HTTP, server and client in one process, beside a fetch of the same JSON by hand. */
import { Application, MemoryRecorder, type NotificationLog } from 'dog-school'
import { logHandler, remoteLog, serveLog } from 'dog-school/http'
import { Dog, rowsOf } from './dogs'
import { duration, type Figure, rate } from './measure'

const count = 100_000
const token = 'bone'

/** The events of all sections, opened by hand. */
async function byHand(url: string): Promise<object[]> {
  const events: object[] = []
  for (let id = '1,1000'; id; ) {
    const response = await fetch(`${url}/notifications/${id}`, { headers: { authorization: `Bearer ${token}` } })
    const { items, next_id } = (await response.json()) as { items: { state: string; id: number }[]; next_id: string }
    for (const { state, ...rest } of items)
      events.push({ ...rest, ...JSON.parse(Buffer.from(state, 'base64').toString()) })
    id = next_id
  }
  return events
}

async function followed(log: NotificationLog): Promise<void> {
  for await (const { id } of log.follow()) if (id === count) return
}

export async function* remote(): AsyncGenerator<Figure> {
  const school = new Application(new MemoryRecorder(), { name: 'kennel', aggregates: [Dog] })
  await school.recorder.append([...rowsOf('fido', count)])
  const served = await serveLog(logHandler(school, { token }))
  const log = remoteLog(served.url, { name: 'kennel', aggregates: [Dog], token })
  const floor = { what: 'fetch, JSON.parse', work: () => () => byHand(served.url) }
  yield await rate({ what: 'select 100,000 events, remote', count, ours: () => () => log.select(), floor, turns: 5 })
  yield await rate({ what: 'follow 100,000 events, remote', count, ours: () => () => followed(log), floor, turns: 5 })
  const following = log.follow({ after: count })
  const wakes = 100
  const figure = await duration('a save is seen by a remote follower', () => async () => {
    for (let i = 0; i < wakes; i++) await Promise.all([following.next(), school.save(new Dog('Buster'))])
  })
  yield { ...figure, ours: figure.ours / wakes }
  await following.return()
  await served.close()
}
