import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import { cleanEnvironment, shortLived } from '../clean-environment'
import { inOneLine, sqlite3, stored, withoutSqlite3 } from './crash/stored'

const runner = join(__dirname, 'crash', 'run.cjs')
const child = join(__dirname, 'crash', 'child.ts')

/** Lets a child work until it kills itself at this step; returns the signal that ended it. */
function run(file: string, step: number, moment: string): Promise<string> {
  // By way of `env`, because tap gives each child of Node options that make it slow to start.
  const program = [process.execPath, shortLived, runner, child, file, String(step), moment]
  const started = spawn('env', ['-u', 'NODE_OPTIONS', ...program], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((resolve) => started.on('exit', (code, signal) => resolve(signal ?? `exit ${code}`)))
}

/** What a database must hold after a crash: everything acknowledged, and whole commits only. */
async function examine(t: Test, file: string, name: string): Promise<void> {
  const acknowledged = existsSync(`${file}.acknowledged`) ? readFileSync(`${file}.acknowledged`, 'utf8') : ''
  const school = sqlite(file)
  const found = (await school.notifications({ tagged: true })).map(inOneLine)
  const missing = acknowledged.split('\n').filter((line) => line && !found.includes(line))
  t.same(missing, [], `${name}: everything acknowledged is there`)
  const lengths = Object.fromEntries(
    ['fido', 'rex', 'buster'].map((id) => [id, found.filter((line) => line.includes(id)).length]),
  )
  t.match(lengths, { fido: /^(0|3|4|6)$/, rex: /^(0|2)$/, buster: /^(0|1)$/ }, `${name}: and nothing by half`)
  t.same(
    found.map((line) => Number.parseInt(line, 10)),
    found.map((_, at) => at + 1),
    `${name}: in one order`,
  )
  for (const id of ['fido', 'rex', 'buster'])
    t.same(
      await school.read([{ tags: [`dog:${id}`] }]),
      await school.notifications().then((log) => log.filter(({ aggregateId }) => aggregateId === id)),
      `${name}: each is found by its tag`,
    )
  t.same(await school.append([stored('luna', 1)]), [found.length + 1], `${name}: and it goes on`)
  await school.close()
  if (!withoutSqlite3)
    t.equal(
      sqlite3(file, 'PRAGMA integrity_check; SELECT count(*) FROM stored_events'),
      `ok\n${found.length + 1}`,
      name,
    )
}

// Some twelve processes, or sixty in the long form: on a busy machine that takes its time.
t.setTimeout(900_000)
const isLong = process.env.DOG_SCHOOL_LONG === '1'

t.test('a process that is killed at any step on the disk loses nothing', { timeout: 900_000 }, async (t) => {
  const folder = t.testdir()
  t.equal(await run(`${folder}/whole.db`, 0, 'before'), 'exit 0')
  const { steps, writes } = JSON.parse(readFileSync(`${folder}/whole.db.steps`, 'utf8')) as {
    steps: number
    writes: number[]
  }
  t.ok(steps > 40 && writes.length > 5, `there are ${steps} steps, ${writes.length} of them writes`)
  if (withoutSqlite3) t.comment(`not checked with sqlite3: ${withoutSqlite3}`)
  const moments = [
    ...Array.from({ length: steps }, (_, at) => [at + 1, 'before'] as const),
    ...writes.map((step) => [step, 'midst'] as const),
    // `sqlite-power.test.ts` stops at each step, on a disk in memory.
  ].filter((_, at) => isLong || at % 5 === 0)
  // Two at a time, because most of the time goes into starting.
  const work = async (): Promise<void> => {
    for (let next = moments.shift(); next; next = moments.shift()) {
      const [step, moment] = next
      const file = `${folder}/${moment}${step}.db`
      t.equal(await run(file, step, moment), 'SIGKILL', `${moment} step ${step}`)
      await examine(t, file, `${moment} step ${step}`)
    }
  }
  await Promise.all([work(), work()])
})
