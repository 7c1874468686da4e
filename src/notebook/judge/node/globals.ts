/** Makes a worker of the page look like Node to code that was written for it: the learner's, the checkpoints', tap's. */
import { Buffer } from '@jspm/core/nodelibs/buffer'
import { format } from 'node-inspect-extracted'
import { hearCrashes, process } from './process'
import * as timers from './timers'

/** Must be called before any module is loaded that looks for what Node has. */
export function beLikeNode(): void {
  Object.assign(globalThis, {
    ...{ setTimeout: timers.setTimeout, clearTimeout: timers.clearTimeout, setInterval: timers.setInterval },
    ...{
      clearInterval: timers.clearInterval,
      setImmediate: timers.setImmediate,
      clearImmediate: timers.clearImmediate,
    },
    Buffer,
    process,
    global: globalThis,
  })
  for (const name of ['log', 'info', 'debug'] as const)
    console[name] = (...values: unknown[]) => void process.stdout.write(`${format(...values)}\n`)
  for (const name of ['warn', 'error', 'trace'] as const)
    console[name] = (...values: unknown[]) => void process.stderr.write(`${format(...values)}\n`)
  hearCrashes()
}

/** Who forgets to declare one of these hears of it, as in Node. */
export function forgetTheBrowser(): void {
  for (const name of [
    'self',
    'name',
    'location',
    'origin',
    'close',
    'postMessage',
    'importScripts',
    'onmessage',
    'onerror',
  ])
    Reflect.deleteProperty(globalThis, name)
}
