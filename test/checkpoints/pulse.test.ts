/** A judge whose kit is gone ends, whatever the learner's code is doing: nobody would stop it any more. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { PULSE_FD } from '../../src/checkpoints/judging/pulse'
import { register } from '../../src/node/paths'
import { cleanEnvironment } from '../clean-environment'

const pulse = join(__dirname, '../../src/checkpoints/judging/pulse.ts')

t.test('when nobody listens to the pulse, a loop that never ends is ended', async (t) => {
  const script = `require(${JSON.stringify(register)})
    require(${JSON.stringify(pulse)}).startPulse()
    setTimeout(() => { for (;;); }, 100)`
  const child = spawn(process.execPath, ['-e', script], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit', 'ignore', 'pipe'],
    detached: process.platform !== 'win32',
  })
  t.teardown(() => child.kill('SIGKILL'))
  const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)))
  await new Promise((resolve) => child.stdio[PULSE_FD]?.once('data', resolve))
  child.stdio[PULSE_FD]?.destroy()
  t.equal(await ended, 'SIGKILL')
})
