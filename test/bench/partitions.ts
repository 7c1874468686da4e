/**
 * What partitions by aggregate cost, at a million events, and what several logs bring: the figures in
 * src/recorders/SCALING.md.
 *
 *   POSTGRES_URL=postgres://postgres@127.0.0.1:5432/postgres node src/node/run.cjs test/bench/partitions.ts
 *
 * The layouts take turns, and what counts is the median; ratios are to the table without partitions. Commits are not
 * waited for (synchronous_commit = off), because the disk would hide the rest; of several logs they are.
 */
import { Client } from 'pg'
import { type PostgresRecorder, postgres } from '../../src/recorders/postgres'
import { median } from './measure'

const server = process.env.POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
const rows = Number(process.env.ROWS ?? 1_000_000)
const turns = Number(process.env.TURNS ?? 5)
/** Events of an aggregate. */
const long = 10

const stream = (number: number) => `dog-${number}`
const state = '{"timestamp":"2026-11-23T04:34:56.922529+00:00","trick":"roll over"}'
const event = (aggregateId: string, version: number) => ({ aggregateId, version, topic: 'k:Dog.TrickAdded', state })
const some = () => Math.floor(Math.random() * (rows / long))

/** A table in the place of the recorder's, with the same indexes, but that positions are unique by the sequence alone. */
function partitioned(many: number): string {
  const parts = Array.from(
    { length: many },
    (_, at) =>
      `CREATE TABLE stored_events_${at} PARTITION OF stored_events FOR VALUES WITH (MODULUS ${many}, REMAINDER ${at});`,
  )
  return `DROP TABLE stored_events CASCADE;
    CREATE TABLE stored_events (originator_id text COLLATE "C" NOT NULL, originator_version bigint NOT NULL, topic text, state bytea,
      notification_id bigserial, PRIMARY KEY (originator_id, originator_version)) PARTITION BY HASH (originator_id);
    ${parts.join('\n')}
    CREATE INDEX ON stored_events (notification_id);
    CREATE INDEX ON stored_events (topic COLLATE "C", notification_id);
    CREATE TRIGGER stored_lock BEFORE INSERT ON stored_events FOR EACH STATEMENT EXECUTE FUNCTION stored_lock_shared();`
}

/** A million events, those of an aggregate far from one another, as in life. */
const filled = `INSERT INTO stored_events (originator_id, originator_version, topic, state)
  SELECT 'dog-' || n, version, CASE WHEN version = 1 THEN 'k:Dog.Registered' ELSE 'k:Dog.TrickAdded' END, convert_to('${state}', 'UTF8')
  FROM generate_series(1, ${long}) AS version, generate_series(0, ${rows / long - 1}) AS n;
  INSERT INTO stored_tags (tag, position, topic) SELECT 'tag-' || notification_id % ${rows / 100}, notification_id, topic FROM stored_events WHERE notification_id % 10 = 0;`

const works: Readonly<
  Record<string, readonly [many: number, work: (recorder: PostgresRecorder, turn: number) => Promise<unknown>]>
> = {
  'appends of 1': [
    500,
    async (recorder, turn) => {
      for (let at = 0; at < 500; at++) await recorder.append([event(`one-${turn}-${at}`, 1)])
    },
  ],
  'appends to old aggregates, 100 together': [
    2000,
    async (recorder) => {
      for (let at = 0; at < 20; at++)
        await Promise.all(Array.from({ length: 100 }, () => recorder.append([event(stream(some()), 0)])))
    },
  ],
  'events appended, 1,000 at a time': [
    20_000,
    async (recorder, turn) => {
      for (let at = 0; at < 20; at++)
        await recorder.append(Array.from({ length: 1000 }, (_, n) => event(`batch-${turn}-${at}`, n + 1)))
    },
  ],
  'aggregates loaded (10 events)': [
    1000,
    async (recorder) => {
      for (let at = 0; at < 1000; at++) await recorder.select(stream(some()))
    },
  ],
  'events followed, 1,000 a page': [
    200_000,
    async (recorder) => {
      const start = Math.floor((Math.random() * rows) / 2)
      for (let at = 0; at < 200; at++) await recorder.notifications({ start: start + at * 1000, limit: 1000 })
    },
  ],
  'queries by tag (100 events)': [
    500,
    async (recorder) => {
      for (let at = 0; at < 500; at++)
        await recorder.read([{ tags: [`tag-${10 * Math.floor((Math.random() * rows) / 1000)}`] }])
    },
  ],
  'newest position': [
    500,
    async (recorder) => {
      for (let at = 0; at < 500; at++) await recorder.maxNotificationId()
    },
  ],
}

async function sql(url: string, ...statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  let found: Record<string, unknown>[] = []
  for (const statement of statements) ({ rows: found } = await client.query(statement))
  await client.end()
  return found
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

async function databases<T>(names: readonly string[], use: (urls: readonly string[]) => Promise<T>): Promise<T> {
  const all = names.map((name) => `dog_school_bench_${process.pid}_${name}`)
  try {
    for (const name of all) await sql(server, `CREATE DATABASE ${name}`)
    return await use(all.map((name) => Object.assign(new URL(server), { pathname: name }).href))
  } finally {
    for (const name of all) await sql(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
}

async function partitions(): Promise<void> {
  const layouts = [0, 1, 2, 4, 8, 16]
  await databases(
    layouts.map((many) => `p${many}`),
    async (urls) => {
      const recorders: PostgresRecorder[] = []
      for (const [at, many] of layouts.entries()) {
        const url = urls[at] as string
        await sql(url, `ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET synchronous_commit = off`)
        const recorder = postgres(url)
        await recorder.open()
        if (many > 0) await sql(url, partitioned(many))
        const took = await seconds(() => sql(url, filled))
        await sql(url, 'VACUUM ANALYZE stored_events', 'ANALYZE stored_tags')
        const [size] = await sql(
          url,
          `SELECT pg_size_pretty(sum(pg_indexes_size(relid))) AS indexes, pg_size_pretty(sum(pg_relation_size(relid))) AS rows FROM pg_stat_user_tables WHERE relname ~ '^stored_events'`,
        )
        console.log(`${many} partitions: filled in ${took.toFixed(1)} s; ${JSON.stringify(size)}`)
        recorders.push(recorder)
      }
      for (const [what, [many, work]] of Object.entries(works)) {
        const times = layouts.map((): number[] => [])
        for (let turn = 0; turn <= turns; turn++)
          for (const [at, recorder] of recorders.entries()) {
            const took = await seconds(() => work(recorder, turn))
            if (turn > 0) times[at]!.push(many / took)
          }
        const rates = times.map(median)
        console.log(
          `| ${what} | ${rates.map((rate) => `${Math.round(rate)} (${(rate / rates[0]!).toFixed(2)})`).join(' | ')} |`,
        )
      }
      await Promise.all(recorders.map((recorder) => recorder.close()))
    },
  )
}

/** Callers of one process, whose aggregates are spread over several logs by a hash of their id. */
async function logs(): Promise<void> {
  await databases(['logs'], async ([url]) => {
    const many = [1, 2, 4, 8]
    const sets = many.map((count) =>
      Array.from({ length: count }, (_, at) => postgres(url!, { schema: `s${count}_${at}` })),
    )
    for (const set of sets) for (const recorder of set) await recorder.open()
    for (const callers of [16, 64, 256]) {
      const times = many.map((): number[] => [])
      for (let turn = 0; turn <= turns; turn++)
        for (const [at, set] of sets.entries()) {
          const each = Math.ceil(6400 / callers)
          const took = await seconds(() =>
            Promise.all(
              Array.from({ length: callers }, async (_, caller) => {
                for (let n = 0; n < each; n++)
                  await set[caller % set.length]!.append([event(`${callers}-${turn}-${caller}-${n}`, 1)])
              }),
            ),
          )
          if (turn > 0) times[at]!.push((each * callers) / took)
        }
      const rates = times.map(median)
      console.log(
        `| ${callers} callers | ${rates.map((rate) => `${Math.round(rate)} (${(rate / rates[0]!).toFixed(2)})`).join(' | ')} |`,
      )
    }
    for (const set of sets) for (const recorder of set) await recorder.close()
  })
}

async function main() {
  console.log('several logs: 1, 2, 4, 8')
  await logs()
  console.log('partitions: none, 1, 2, 4, 8, 16')
  await partitions()
}
void main()
