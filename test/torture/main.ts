/**
 * `npm run torture`: an hour of faults, over SQLite's file and PostgreSQL's servers in turns, and what came of them.
 *
 * `-- --seed 7` begins with the round of this seed, `-- --minutes 10` ends sooner, `-- --only postgres` leaves out the
 * other one. The report is printed, and written to `torture.json`.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { skipCluster } from '../recorders/postgres-cluster'
import { type Report, round } from './campaign'
import type { Ground } from './ground'
import { Machines } from './on-postgres'
import { onSqlite } from './on-sqlite'
import { inWords, together } from './report'

/** How many faults there are in a round. */
const MANY = 15

const places = ['sqlite', 'postgres'] as const
type Place = (typeof places)[number]

const usage = 'npm run torture -- [--seed NUMBER] [--minutes NUMBER] [--only sqlite|postgres]'

function asked(): { seed: number; minutes: number; only: readonly Place[] } | string {
  const options = { seed: { type: 'string' }, minutes: { type: 'string' }, only: { type: 'string' } } as const
  const { values } = parseArgs({ options })
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6))
  const minutes = Number(values.minutes ?? 60)
  if (!Number.isInteger(seed) || !(minutes > 0)) return usage
  if (values.only === undefined) return { seed, minutes, only: skipCluster ? ['sqlite'] : places }
  const only = places.find((each) => each === values.only)
  if (!only) return usage
  return only === 'postgres' && skipCluster ? skipCluster : { seed, minutes, only: [only] }
}

async function main(): Promise<number> {
  const wanted = asked()
  if (typeof wanted === 'string') {
    console.error(wanted)
    return 2
  }
  const { minutes, only } = wanted
  const began = Date.now()
  const left = () => began + minutes * 60_000 - Date.now()
  const reports: (Report & { place: Place })[] = []
  const machines = only.includes('postgres') ? await Machines.start() : undefined
  try {
    // Where there was no round, nothing was kept.
    for (let seed = wanted.seed; seed === wanted.seed || left() > 0; seed++)
      for (const place of only) {
        const tell = (what: string) =>
          process.stderr.write(`${Math.max(0, Math.ceil(left() / 1000))} s left, ${place}, seed ${seed}: ${what}\n`)
        const ground: Ground = machines && place === 'postgres' ? await machines.ground() : await onSqlite()
        const report = await round(ground, seed, { many: MANY, tell, isOver: () => left() <= 0 })
        await ground.end()
        reports.push({ place, ...report })
        for (const failure of report.failures) tell(`FAILED: ${failure}`)
      }
  } finally {
    await machines?.end()
  }
  const all = only.map((place) => ({ place, ...together(reports.filter((each) => each.place === place)) }))
  for (const each of all) console.log(inWords(each.place, each))
  const about = { when: new Date(began).toISOString(), node: process.version, minutes: (Date.now() - began) / 60_000 }
  writeFileSync('torture.json', `${JSON.stringify({ ...about, all, rounds: reports }, null, 2)}\n`)
  console.log('Written to torture.json')
  return all.some(({ failures }) => failures.length > 0) ? 1 : 0
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error)
    process.exit(1)
  },
)
