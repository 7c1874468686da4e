/** Process applications that are killed in the midst of their work: each event counts exactly once all the same. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { MemoryRecorder } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { cleanEnvironment, shortLived } from '../clean-environment'
import { VolatileDisk } from '../recorders/crash/volatile-disk'
import { Chain, pups } from './chain'

const isLong = process.env.DOG_SCHOOL_LONG === '1'
t.setTimeout(600_000)

/** Lets it do what is left, and closes it; returns what all have recorded. */
async function finished(chain: Chain): Promise<string[]> {
  await chain.work()
  await chain.system.settle()
  const recorded = await chain.recorded()
  await chain.system.close()
  return recorded
}
/** What all record if nobody is ever killed. */
const whole = finished(new Chain(() => new MemoryRecorder()))
const random = (below: number) => Math.floor(Math.random() * below)

t.test('a run that is never killed', async (t) => {
  const recorded = await whole
  const count = (text: string) => recorded.filter((line) => line.includes(text)).length
  t.equal(count('Counted'), 2 * pups)
  t.equal(count('Noted'), 2 * pups)
  t.equal(count('Praised'), pups + 3, 'sit three times at most')
})

t.test('a process that is killed at random moments, again and again', async (t) => {
  const folder = t.testdir()
  const runner = join(__dirname, '..', 'recorders', 'crash', 'run.cjs')
  const run = (step: number): Promise<string | null> => {
    // By way of `env`, because tap gives each child of Node options that make it slow to start.
    const program = [process.execPath, shortLived, runner, join(__dirname, 'chain.ts'), folder, `${step}`]
    const child = spawn('env', ['-u', 'NODE_OPTIONS', ...program], { env: cleanEnvironment(), stdio: 'inherit' })
    return new Promise((resolve) => child.on('exit', (_code, signal) => resolve(signal)))
  }
  const steps: number[] = []
  for (let kills = 0; kills < (isLong ? 20 : 2); ) {
    steps.push(20 + random(60))
    if ((await run(steps.at(-1) as number)) === null) break
    kills++
  }
  t.strictSame(await finished(new Chain((name) => sqlite(`${folder}/${name}.db`))), await whole, `killed at ${steps}`)
})

t.test('whatever step on the disk is the last', async (t) => {
  const disk = new VolatileDisk()
  const left: VolatileDisk[] = []
  const every = isLong ? 1 : 25
  const first = random(every)
  disk.beforeStep = () => {
    if (disk.steps % every === first) left.push(disk.afterKill())
  }
  const chain = (disk: VolatileDisk) => new Chain((name) => sqlite(`${name}.db`, { disk }))
  t.strictSame(await finished(chain(disk)), await whole)
  t.ok(disk.steps > 100, `${disk.steps} steps`)
  for (const [i, killed] of left.entries())
    t.strictSame(await finished(chain(killed)), await whole, `killed at step ${i * every + first}`)
})
