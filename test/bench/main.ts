/**
 * `npm run bench`: how fast this is, as ratios against hand-written floors in the same run. Shows what it is
 * at, then a table, and writes `bench.json`. Give words to run only what mentions them: `npm run bench -- core`.
 * `npm run bench -- --peers` compares this library with others; `npm run bench -- designs`,
 * how stores order events on PostgreSQL.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { boundaries } from './boundaries'
import { core } from './core'
import { designs } from './designs'
import { following } from './following'
import type { Figure } from './measure'
import { notebook } from './notebook'
import { peers } from './peers'
import { postgres } from './postgres'
import { remote } from './remote'
import { secrets } from './secrets'
import { starts } from './starts'
import { stores } from './stores'
import { telemetry } from './telemetry'
import { views } from './views'

const parts: Record<string, () => AsyncGenerator<Figure>> = {
  core,
  stores,
  following,
  views,
  boundaries,
  remote,
  postgres,
  telemetry,
  secrets,
  starts,
  notebook,
}

async function main(asked: readonly string[]): Promise<number> {
  // A peer that hangs would keep the process alive.
  if (asked[0] === '--peers') process.exit(await peers(asked.slice(1)))
  if (asked[0] === 'designs') {
    for (const line of await designs()) console.log(line)
    return 0
  }
  const unknown = asked.find((name) => !(name in parts))
  if (unknown !== undefined) {
    console.error(`There is no part '${unknown}' in the benchmarks. They are: ${Object.keys(parts).join(', ')}`)
    return 2
  }
  const figures: Figure[] = []
  for (const [name, part] of Object.entries(parts)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    for await (const figure of part()) {
      figures.push(figure)
      process.stderr.write(`${name}: ${line(figure)}\n`)
    }
  }
  console.table(Object.fromEntries(figures.map((figure) => [figure.what, columns(figure)])))
  const about = { when: new Date().toISOString(), node: process.version, cpu: cpus()[0]?.model, cores: cpus().length }
  writeFileSync('bench.json', `${JSON.stringify({ ...about, figures }, null, 2)}\n`)
  console.log('Written to bench.json')
  return 0
}

/** Three digits are all that a measurement on a busy machine can tell. */
const rounded = (figure: number): string => Number(figure.toPrecision(3)).toLocaleString('en')

const line = ({ what, ours, unit, floor }: Figure): string =>
  `${what}: ${rounded(ours)} ${unit}${floor ? ` (${floor.what}: ${rounded(floor.figure)})` : ''}`

function columns({ ours, unit, floor }: Figure) {
  if (!floor) return { ours: rounded(ours), unit }
  const ratio = unit === 'ms' ? ours / floor.figure : floor.figure / ours
  return {
    ours: rounded(ours),
    unit,
    floor: rounded(floor.figure),
    'times the floor': ratio.toFixed(1),
    'the floor': floor.what,
  }
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
