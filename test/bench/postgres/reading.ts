/** Reading from a PostgreSQL server: commands on a long stream, following, and being woken in another process. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { Application } from 'dog-school'
import { postgres } from '../../../src/recorders/postgres'
import { CountingDog, Dog, rowsOf } from '../dogs'
import { type Figure, median, memory, rate, type Work } from '../measure'
import type { ByHand } from './by-hand'
import { singles } from './rows'

const [many, commands, wakes] = [100_000, 200, 100]

export async function* reading(url: string, hand: ByHand): AsyncGenerator<Figure> {
  const recorder = postgres(url, { prefix: 'long' })
  const events = [...rowsOf('fido', many)]
  for (let at = 0; at < many; at += 1000) await recorder.append(events.slice(at, at + 1000))
  const kennel = new Application(recorder, { name: 'kennel', aggregates: [Dog] })
  yield await followed(kennel, hand)
  yield await held(recorder)
  yield await woken(url, kennel)
  yield await commanded(url, hand)
  await kennel.close()
}

function followed(kennel: Application, hand: ByHand): Promise<Figure> {
  const ours: Work = () => async () => {
    for await (const { id } of kennel.follow()) if (id === many) break
  }
  const work: Work = () => async () => {
    for (let after = 0; after < many; after += 1000)
      for (const [, state] of await hand.page('long_events', after, 1000)) JSON.parse(state)
  }
  const what = `follow ${many.toLocaleString('en')} events, PostgreSQL`
  return rate({ what, count: many, ours, floor: { what: 'pages and JSON.parse', work }, turns: 5 })
}

/** What a program needs for each event that it holds. */
const held = (recorder: ReturnType<typeof postgres>): Promise<Figure> =>
  memory('memory for an event that was read, PostgreSQL', many, () => recorder.notifications())

/** From the moment that a save is acknowledged here until a follower in another process has the event. */
async function woken(url: string, kennel: Application): Promise<Figure> {
  const [runner, follower] = [join(__dirname, '../../../src/node/run.cjs'), join(__dirname, 'follower.ts')]
  const child = fork(runner, [follower, url, String(await kennel.notificationLog.max())])
  const heard = () => new Promise<number>((resolve) => child.once('message', (at) => resolve(Number(at))))
  await heard()
  const times: number[] = []
  for (let wake = 0; wake < wakes; wake++) {
    const seen = heard()
    await kennel.save(new Dog('Buster'))
    const saved = performance.timeOrigin + performance.now()
    times.push((await seen) - saved)
  }
  child.disconnect()
  return { what: 'a save is seen by a follower in another process, PostgreSQL', unit: 'ms', ours: median(times) }
}

async function commanded(url: string, hand: ByHand): Promise<Figure> {
  const recorder = postgres(url, { prefix: 'long' })
  const kennel = new Application(recorder, { name: 'kennel', aggregates: [CountingDog] })
  const ours: Work = () => async () => {
    for (let i = 0; i < commands; i++) {
      const dog = await kennel.repository.get(CountingDog, 'fido')
      dog.addTrick('roll over')
      await kennel.save(dog)
    }
  }
  const work = singles(commands, 1, (event) => hand.transaction(event))
  const what = `command on a dog of ${many.toLocaleString('en')} events, PostgreSQL`
  const floor = { what: 'BEGIN, prepared INSERT, COMMIT', work }
  const figure = await rate({ what, count: commands, ours, floor, unit: 'commands/s', turns: 5 })
  await kennel.close()
  return figure
}
