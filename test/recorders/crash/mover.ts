/**
 * A process that moves a store, and ends itself with SIGKILL at its n-th step: before what is put, and after.
 *
 * `node run.cjs mover.ts FROM TO STEP`
 */
import { postgres } from 'dog-school/postgres'
import { sqlite } from 'dog-school/sqlite'
import { move } from '../../../src/moving'
import { inSteps } from '../moving-logs'

const [from = '', to = '', stop = '0'] = process.argv.slice(3)
let steps = 0
const step = () => {
  if (++steps === Number(stop)) process.kill(process.pid, 'SIGKILL')
}
const open = (address: string) => (address.startsWith('postgres:') ? postgres(address) : sqlite(address))

void (async () => {
  const [source, target] = [open(from), open(to)]
  await move(inSteps(source, step), inSteps(target, step))
  await Promise.all([source.close(), target.close()])
})()
