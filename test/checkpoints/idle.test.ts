/** What Node knows of a process: whether anything is left to do there. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { kit, register } from '../../src/node/paths'
import { cleanEnvironment } from '../clean-environment'

const idle = join(kit, 'src', 'checkpoints', 'judging', 'idle')
/** An hour: whoever waits for it is found out by the limit of the process. */
const HOUR = 3_600_000

function print(lines: readonly string[]) {
  const code = [`const { isIdleWithin, untilIdle } = require(${JSON.stringify(idle)})`, ...lines].join('\n')
  const options = { encoding: 'utf8', env: cleanEnvironment(), timeout: 120_000 } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-r', register, '-e', code], options)
  return { status, stdout, stderr }
}

t.test('who waits for nothing knows it at once, and others do not hear of it', async (t) => {
  const others = "process.once('beforeExit', () => console.log('the end'))"
  t.strictSame(print([others, `isIdleWithin(${HOUR}).then((is) => console.log(is))`]), {
    status: 0,
    stdout: 'true\nthe end\n',
    stderr: '',
  })
})

t.test('what is under way is waited for, until it has been enough', async (t) => {
  const rings = 'let rings = 0; const timer = setInterval(() => rings++, 1)'
  const asked = `isIdleWithin(${HOUR}, () => rings > 5).then((is) => { console.log(is); clearInterval(timer) })`
  t.match(print([rings, asked]), { status: 0, stdout: 'false\n' })
  const ends = `isIdleWithin(${HOUR}).then((is) => console.log(is, rings)); setTimeout(() => clearInterval(timer), 30)`
  t.match(print([rings, ends]), { status: 0, stdout: /^true [1-9]/ })
  t.match(print(['setInterval(() => {}, 1)', 'isIdleWithin(30).then((is) => { console.log(is); process.exit() })']), {
    status: 0,
    stdout: 'false\n',
  })
})
