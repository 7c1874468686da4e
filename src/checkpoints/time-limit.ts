/**
 * Ends an answer that goes on for too long. What counts is the time of the processor that it uses: a busy machine is slow,
 * and the learner's code is not. The clock counts only for an answer that waits, and then nobody can be sure.
 */
import { availableParallelism, loadavg } from 'node:os'
import type { Verdict } from '../course/verdict'

type Endless = Extract<Verdict, { outcome: 'endless' }>

/** Does something later, in seconds, and says how long that was; what it returns calls that off. */
export type After = (seconds: number, then: (waited: number) => void) => () => void

/**
 * For another process. The more there is to do on this machine, the longer that may take. No process is kept alive by this
 * timer: who has nothing left to do need not be waited for.
 */
const byTheClock: After = (seconds, then) => {
  const crowd = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())
  const timer = setTimeout(() => then(seconds * crowd), seconds * crowd * 1000).unref()
  return () => clearTimeout(timer)
}

/** Who has used this share of the limit meanwhile does not wait. */
const SHARE = 0.1
/** Until the first answer is looked at, only our own code runs; in seconds of the clock. */
const START = 60

interface Options {
  readonly after?: After
  readonly patience?: number
}

export class TimeLimit {
  readonly #limit: number
  readonly #over: (verdict: Endless) => void
  readonly #after: After
  readonly #patience: number
  #cancel: () => void = () => undefined
  /** When the answer began, and what has been used now, in microseconds of the processor. */
  #began = Number.POSITIVE_INFINITY
  #used = 0

  /**
   * @param limit in seconds of the processor's time, for each answer
   * @param options `patience`: for how many times its limit an answer may wait without doing anything
   */
  constructor(limit: number, over: (verdict: Endless) => void, { after = byTheClock, patience = 6 }: Options = {}) {
    this.#after = after
    this.#patience = patience
    this.#limit = limit
    this.#over = over
    this.#wait(START)
  }

  /** An answer begins. */
  begin(used: number): void {
    this.#began = this.#used = used
    this.#wait(this.#patience * this.#limit)
  }

  /** What the process has used by now. */
  pulse(used: number): void {
    this.#used = used
    if (used - this.#began > this.#limit * 1e6) this.#end({ outcome: 'endless', passed: [], limit: this.#limit })
  }

  stop(): void {
    this.#cancel()
    this.#began = Number.POSITIVE_INFINITY
  }

  /** What the answer has started itself is not counted. */
  #wait(seconds: number): void {
    this.#cancel()
    const before = this.#used
    this.#cancel = this.#after(seconds, (waited) => {
      if (this.#used - before > SHARE * this.#limit * 1e6) return this.#wait(seconds)
      this.#end({ outcome: 'endless', passed: [], waited: Math.round(waited) })
    })
  }

  #end(verdict: Endless): void {
    this.stop()
    this.#over(verdict)
  }
}
