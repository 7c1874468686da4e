/**
 * The process, as code that was written for Node knows it: what goes wrong where nobody catches it, that nothing is left to
 * do, the working directory. It is a worker of the page.
 */
import EventEmitter from '@jspm/core/nodelibs/events'
import { activity, real } from './timers'

/** Told when the learner's code calls `process.exit`, which nothing may follow. */
let leave = (code: number): never => {
  throw new Error(`process.exit(${code})`)
}
export function onExit(then: typeof leave): void {
  leave = then
}
/** Told what is written to the streams. */
let write = (_: string): void => undefined
export function onWrite(then: typeof write): void {
  write = then
}

let cwd = '/'
/** What others do for this worker meanwhile, such as the page. */
let awaited = 0
export async function whileAwaiting<T>(promise: Promise<T>): Promise<T> {
  awaited++
  try {
    return await promise
  } finally {
    awaited--
  }
}

const stream = () =>
  Object.assign(new EventEmitter(), {
    isTTY: false,
    columns: 80,
    write(text: unknown, ...rest: unknown[]) {
      write(String(text))
      const then = rest.at(-1)
      if (typeof then === 'function') then()
      return true
    },
  })

const own = {
  /** Whoever asks, such as TypeScript, does not look for a disk. */
  browser: true,
  title: 'node',
  platform: 'browser',
  arch: 'x64',
  /** Another one in each worker: one that was ended may have left its lock. */
  pid: 2 + Math.floor(Math.random() * 2 ** 30),
  ppid: 0,
  env: {} as Record<string, string | undefined>,
  argv: ['node'],
  execArgv: [],
  execPath: '/usr/bin/node',
  exitCode: undefined,
  version: 'v20.19.0',
  // Emscripten takes whoever has a version of Node for Node.
  versions: {},
  release: { name: 'node' },
  config: {},
  features: {},
  stdin: stream(),
  stdout: stream(),
  stderr: stream(),
  cwd: () => cwd,
  chdir(folder: string) {
    cwd = folder
  },
  umask: () => 0o22,
  getuid: () => 0,
  getgid: () => 0,
  exit: (code: unknown = 0) => leave(Number(code)),
  abort: () => leave(134),
  kill(pid: number) {
    if (pid === own.pid) return true
    throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' })
  },
  nextTick: (run: (...args: unknown[]) => void, ...args: unknown[]) => queueMicrotask(() => run(...args)),
  emitWarning: (warning: unknown) => write(`(node:1) ${warning instanceof Error ? warning : `Warning: ${warning}`}\n`),
  uptime: () => performance.now() / 1000,
  hrtime: Object.assign(
    ([seconds, nanoseconds] = [0, 0]) => {
      const now = performance.now() * 1e6 - seconds * 1e9 - nanoseconds
      return [Math.floor(now / 1e9), Math.floor(now % 1e9)]
    },
    { bigint: () => BigInt(Math.round(performance.now() * 1e6)) },
  ),
  memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
  /** Nobody tells a worker how much of the processor it has used; it has one for itself. */
  cpuUsage: () => ({ user: Math.round(performance.now() * 1000), system: 0 }),
  getActiveResourcesInfo: () => {
    const { timeouts, immediates } = activity()
    return [...Array(timeouts).fill('Timeout'), ...Array(immediates).fill('Immediate')]
  },
  getBuiltinModule: undefined,
}

export const process = Object.assign(new EventEmitter(), own)
process.setMaxListeners(0)

const isIdle = () => {
  const { timeouts, immediates } = activity()
  return timeouts + immediates + awaited === 0
}

/** Says that nothing is left to do, as Node does before it exits, when nothing has been begun for some turns. */
async function watchForIdleness(): Promise<void> {
  for (let quiet = 0, before = -1; process.listenerCount('beforeExit') > 0; ) {
    await new Promise<void>((turn) => real.setTimeout(turn, 1))
    const { begun } = activity()
    quiet = isIdle() && begun === before ? quiet + 1 : 0
    before = begun
    if (quiet < 3) continue
    process.emit('beforeExit', 0)
    quiet = 0
  }
  isWatched = false
}

let isWatched = false
process.on('newListener', (event: string) => {
  if (event !== 'beforeExit' || isWatched) return
  isWatched = true
  void Promise.resolve().then(watchForIdleness)
})

/** What nobody catches is told to who listens, and to nobody else. */
export function hearCrashes(): void {
  self.addEventListener('error', (event) => {
    event.preventDefault()
    process.emit('uncaughtException', event.error ?? new Error(event.message))
  })
  self.addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    process.emit('unhandledRejection', event.reason, event.promise)
  })
}
