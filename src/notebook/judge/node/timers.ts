/**
 * Timers as Node has them: they are objects, and it is known how many keep the worker busy. What is ours alone uses those of
 * the browser, which are kept here.
 */
export const real = {
  setTimeout: globalThis.setTimeout.bind(globalThis) as (run: () => void, delay?: number) => number,
  clearTimeout: globalThis.clearTimeout.bind(globalThis) as (timer: number) => void,
  setInterval: globalThis.setInterval.bind(globalThis) as (run: () => void, delay?: number) => number,
  clearInterval: globalThis.clearInterval.bind(globalThis) as (timer: number) => void,
}

type Run = (...args: unknown[]) => void

/** Those that are under way, by their numbers. */
const timeouts = new Map<number, Timeout>()
const immediates = new Set<Immediate>()
let begun = 0
let rung = 0

/** How much has been begun so far, how often something of it was done, and how much of it keeps the worker busy. */
export const activity = () => ({ begun, rung, timeouts: count(timeouts.values()), immediates: count(immediates) })

const count = (all: Iterable<Waiting>) => [...all].filter((each) => each.hasRef()).length

class Waiting {
  #isRef = true
  ref(): this {
    this.#isRef = true
    return this
  }
  unref(): this {
    this.#isRef = false
    return this
  }
  hasRef(): boolean {
    return this.#isRef
  }
}

class Timeout extends Waiting {
  #number = 0
  readonly #start: () => number
  constructor(
    readonly stop: (timer: number) => void,
    start: (timeout: Timeout) => number,
  ) {
    super()
    this.#start = () => start(this)
    this.refresh()
  }
  refresh(): this {
    this.close()
    begun++
    this.#number = this.#start()
    timeouts.set(this.#number, this)
    return this
  }
  close(): this {
    this.stop(this.#number)
    timeouts.delete(this.#number)
    return this
  }
  /** It has rung. */
  over(): void {
    timeouts.delete(this.#number)
  }
  [Symbol.toPrimitive](): number {
    return this.#number
  }
}

/** Who asks for no time, or for a strange one, waits a millisecond. */
const milliseconds = (delay: unknown) => (Number(delay) >= 1 && Number(delay) < 2 ** 31 ? Number(delay) : 1)

const mustRun = (run: unknown): Run => {
  if (typeof run === 'function') return run as Run
  throw Object.assign(new TypeError(`The "callback" argument must be of type function. Received ${String(run)}`), {
    code: 'ERR_INVALID_ARG_TYPE',
  })
}

export function setTimeout(run: Run, delay?: number, ...args: unknown[]): Timeout {
  mustRun(run)
  return new Timeout(real.clearTimeout, (timeout) =>
    real.setTimeout(() => {
      timeout.over()
      rung++
      run(...args)
    }, milliseconds(delay)),
  )
}

export function setInterval(run: Run, delay?: number, ...args: unknown[]): Timeout {
  mustRun(run)
  const ring = () => {
    rung++
    run(...args)
  }
  return new Timeout(real.clearInterval, () => real.setInterval(ring, milliseconds(delay)))
}

export function clearTimeout(timer: unknown): void {
  const timeout = timer instanceof Timeout ? timer : timeouts.get(Number(timer))
  timeout?.close()
}
export const clearInterval = clearTimeout

/** Nothing of what was begun rings any more. */
export function clearAll(): void {
  for (const timeout of [...timeouts.values()]) timeout.close()
  immediates.clear()
}

class Immediate extends Waiting {
  constructor(readonly run: () => void) {
    super()
    begun++
    immediates.add(this)
    turns.push(() => turns.push(() => this.#due()))
  }
  #due(): void {
    if (!immediates.delete(this)) return
    rung++
    this.run()
  }
}

/** What is to be done in the turns of the event loop that come next, one each. */
const turns = {
  waiting: [] as (() => void)[],
  channel: new MessageChannel(),
  push(run: () => void) {
    turns.waiting.push(run)
    turns.channel.port2.postMessage(undefined)
  },
}
turns.channel.port1.onmessage = () => turns.waiting.shift()?.()

/** A turn lies between, so that a rejection which nobody handles is known by then, as in Node. */
export function setImmediate(run: Run, ...args: unknown[]): Immediate {
  mustRun(run)
  return new Immediate(() => run(...args))
}

export function clearImmediate(immediate: unknown): void {
  immediates.delete(immediate as Immediate)
}
