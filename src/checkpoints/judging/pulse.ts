/**
 * Tells how much time of the processor this process has used, ten times a second, from a thread of its own: so also while a
 * loop of the learner's lets nothing else happen. It writes to a file, because only the main thread has a channel.
 */
import { Worker } from 'node:worker_threads'

/** Where the kit listens. */
export const PULSE_FD = 4

const source = `
  const { writeSync } = require('node:fs')
  setInterval(() => {
    const { user, system } = process.cpuUsage()
    try { writeSync(${PULSE_FD}, (user + system) + '\\n') } catch {}
  }, 100)`

export function startPulse(): void {
  new Worker(source, { eval: true, execArgv: [] }).unref()
}

/** In microseconds, of all threads. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
