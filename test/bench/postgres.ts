/**
 * Recording on a PostgreSQL server, beside prepared statements by hand on the same server: the one that `POSTGRES_URL`
 * names, or the one on this machine. Everything happens in a database that is dropped at the end.
 */
import { Client } from 'pg'
import { type PostgresRecorder, postgres as recorderOf } from '../../src/recorders/postgres'
import { type Figure, rate, type Work } from './measure'
import { ByHand } from './postgres/by-hand'
import { reading } from './postgres/reading'
import { hundreds, singles } from './postgres/rows'

const server = process.env.POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
/** So many that what the first ones take, compiled by nobody yet, does not count. */
const appends = 2000

export async function* postgres(): AsyncGenerator<Figure> {
  const admin = new Client({ connectionString: server })
  try {
    await admin.connect()
  } catch (error) {
    process.stderr.write(`postgres: no server at ${new URL(server).host}: ${(error as Error).message}\n`)
    return
  }
  const url = new URL(server)
  url.pathname = `dog_school_bench_${process.pid}`
  await admin.query(`CREATE DATABASE ${url.pathname.slice(1)}`)
  const hand = await ByHand.connect(url.href)
  const recorder = recorderOf(url.href)
  try {
    await recorder.open()
    yield* writing(recorder, hand)
    yield* conditions(recorder, hand)
    yield* reading(url.href, hand)
  } finally {
    await recorder.close()
    await hand.close()
    await admin.query(`DROP DATABASE ${url.pathname.slice(1)} WITH (FORCE)`)
    await admin.end()
  }
}

async function* writing(recorder: PostgresRecorder, hand: ByHand): AsyncGenerator<Figure> {
  const what = 'append one event, PostgreSQL'
  const floor = {
    what: 'BEGIN, prepared INSERT, COMMIT',
    work: singles(appends, 1, (event) => hand.transaction(event)),
  }
  for (const writers of [1, 16, 64]) {
    const ours = singles(appends, writers, (event) => recorder.append([event]))
    yield await rate({ what: `${what}, ${writers} at a time`, count: appends, ours, floor, turns: 5 })
  }
  yield await rate({
    what,
    count: appends,
    ours: singles(appends, 1, (event) => recorder.append([event])),
    floor: { what: 'prepared INSERT', work: singles(appends, 1, (event) => hand.insert(event)) },
    turns: 5,
  })
  yield await rate({
    what: 'append 100 events at once, PostgreSQL',
    count: 20_000,
    ours: hundreds(200, (events) => recorder.append(events)),
    floor: { what: 'prepared INSERT of 100 rows', work: hundreds(200, (events) => hand.insertAll(events)) },
  })
}

/** An append that is refused if anybody recorded an event with the same tag meanwhile. */
async function* conditions(recorder: PostgresRecorder, hand: ByHand): AsyncGenerator<Figure> {
  const floor = {
    what: 'BEGIN, prepared INSERT, COMMIT',
    work: singles(appends, 1, (event) => hand.transaction(event)),
  }
  for (const writers of [1, 16]) {
    const ours: Work = async () => {
      const after = await recorder.maxNotificationId()
      return singles(appends, writers, (event) => {
        const tags = [`dog:${event.aggregateId}`]
        return recorder.append([{ ...event, tags }], { failIfEventsMatch: [{ tags }], after })
      })()
    }
    yield await rate({
      what: `append one event on a condition, PostgreSQL, ${writers} at a time`,
      count: appends,
      ours,
      floor,
      turns: 5,
    })
  }
}
