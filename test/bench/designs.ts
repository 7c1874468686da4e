/**
 * `npm run bench -- designs`: what it costs to give followers an order, by the design of each of the stores that
 * ANCHORS.md names, in short imitations on one server. Durable appends of one event a second, by writers in one process
 * and in several; the designs take turns. The result is src/recorders/DESIGNS.md.
 */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { Client } from 'pg'
import { designs as all, tables } from './designs/designs'
import { median } from './measure'

const server = process.env.POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
/** Processes, and writers in each. */
const crowds = [
  [1, 1],
  [1, 16],
  [4, 4],
  [8, 1],
] as const
const [turns, milliseconds] = [3, 1000]

/** How many events a second they append together. */
async function measured(url: string, design: string, processes: number, writers: number): Promise<number> {
  const [runner, worker] = [join(__dirname, '../../src/node/run.cjs'), join(__dirname, 'designs/worker.ts')]
  const workers = Array.from({ length: processes }, () =>
    fork(runner, [worker, url, design, String(writers), String(milliseconds)]),
  )
  const heard = () =>
    Promise.all(
      workers.map((one) => new Promise<number>((resolve) => one.once('message', (said) => resolve(Number(said))))),
    )
  // All are connected before any of them begins.
  await heard()
  const counts = heard()
  for (const one of workers) one.send('go')
  const total = (await counts).reduce((sum, count) => sum + count, 0)
  const gone = workers.map((one) => new Promise((resolve) => one.once('exit', resolve)))
  for (const one of workers) one.disconnect()
  await Promise.all(gone)
  return (total / milliseconds) * 1000
}

/** @returns lines of a table, in Markdown */
export async function designs(): Promise<string[]> {
  const admin = new Client({ connectionString: server })
  await admin.connect()
  const name = `dog_school_designs_${process.pid}`
  await admin.query(`CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = name
  try {
    const client = new Client({ connectionString: url.href })
    await client.connect()
    await client.query(tables)
    await client.end()
    const rates = new Map<string, number[]>()
    for (let turn = 1; turn <= turns; turn++)
      for (const [processes, writers] of crowds)
        for (const { name } of all) {
          const key = `${name} ${processes} ${writers}`
          const rate = await measured(url.href, name, processes, writers)
          rates.set(key, [...(rates.get(key) ?? []), rate])
          process.stderr.write(
            `designs: turn ${turn} of ${turns}, ${name}, ${processes} x ${writers}: ${Math.round(rate)}\n`,
          )
        }
    const cell = (name: string, [processes, writers]: readonly [number, number]) =>
      Math.round(median(rates.get(`${name} ${processes} ${writers}`) ?? [])).toLocaleString('en')
    const heads = crowds.map(([processes, writers]) => `${processes} x ${writers}`)
    return [
      `| design | who | ${heads.join(' | ')} | what a follower sees |`,
      `|---|---|${heads.map(() => '---:|').join('')}---|`,
      ...all.map(
        ({ name, who, sees }) =>
          `| ${name} | ${who} | ${crowds.map((crowd) => cell(name, crowd)).join(' | ')} | ${sees} |`,
      ),
    ]
  } finally {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.end()
  }
}
