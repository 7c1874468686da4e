/**
 * Tells how much time of the processor this process has used, ten times a second, from a thread of its own: so also while a
 * loop of the learner's lets nothing else happen. It writes to a file, because only the main thread has a channel. When nobody
 * reads that any more, it ends the process.
 */
import { Worker } from 'node:worker_threads'

/** Where the kit listens. */
export const PULSE_FD = 4

const source = `
  const { writeSync } = require('node:fs')
  setInterval(() => {
    const { user, system } = process.cpuUsage()
    try { writeSync(${PULSE_FD}, (user + system) + '\\n') } catch ({ code }) {
      // Nobody listens any more: the kit was stopped, and nobody would stop what runs here.
      if (code === 'EPIPE') process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL')
    }
  }, 100)`

export function startPulse(): void {
  new Worker(source, { eval: true, execArgv: [] }).unref()
}

/** In microseconds, of all threads. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
