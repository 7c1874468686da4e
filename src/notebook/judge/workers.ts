/**
 * The workers that judge. One is kept as long as no answer leaves anything under way in it; what goes on for too long is
 * ended, as whatever runs in a worker can be.
 */
import { createBirpc } from 'birpc'
import type { Verdict } from '../../course/verdict'
import { notLoaded } from '../not-loaded'
import type { Answer, Bench, Judge, Named, Plugged } from './protocol'

interface Heard {
  readonly data?: unknown
  readonly message?: string
}

/** A worker of a page, or what stands for it in a test. */
export interface Thread {
  postMessage(message: unknown): void
  addEventListener(type: 'message' | 'error', hear: (event: Heard) => void): void
  terminate(): unknown
}

export interface Run {
  readonly verdict: Verdict
  /** What the learner's code printed. */
  readonly printed: string
}

/**
 * In seconds of the clock: for an answer that says nothing any more, since it computes, and for one that waits. One that
 * computes a little at a time, again and again, has as long as one that waits: nobody knows here how much of the processor's
 * time it uses, which in the terminal is soon too much.
 */
export interface Limits {
  readonly computing: number
  readonly waiting: number
}

/** Who has so many timers between two pulses does not wait. */
const MANY = 10
/** Nor does who lets a pulse wait for so long, in milliseconds. */
const LONG = 500
/** What browsers say of a file that `import()` did not get. */
const NOT_IMPORTED = /dynamically imported module|importing a module/i

export class Judges {
  readonly #start: () => Promise<Thread>
  readonly #compile: (files: Named) => Promise<Answer>
  readonly #limits: Limits
  #kept: Promise<Bound> | undefined
  /** How many answers are being judged. */
  #underWay = 0

  /**
   * @param start a worker that runs `judge-worker.ts`
   * @param compile see transpiled.ts
   */
  constructor(
    start: () => Promise<Thread>,
    compile: (files: Named) => Promise<Answer>,
    limits: Limits = { computing: 5, waiting: 30 },
  ) {
    this.#start = start
    this.#compile = compile
    this.#limits = limits
  }

  /** Starts a worker before it is needed, which loads what it needs for this lesson. */
  warm(lesson: number): void {
    // The worker that is at work will most likely be kept.
    if (this.#underWay > 0) return
    this.#kept ??= this.#bound()
    // Whoever needs it hears why there is none.
    this.#kept.then((bound) => bound.prepare(lesson)).catch(() => undefined)
  }

  /** Rejects only if the signal says so, which ends the worker: what is wrong with the judge is a verdict, too. */
  async judge(lesson: number, files: Named, signal?: AbortSignal): Promise<Run> {
    const kept = (this.#kept ?? this.#bound()).then((bound) => (bound.isBroken ? this.#bound() : bound))
    this.#kept = undefined
    this.#underWay++
    const given = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
    try {
      signal?.throwIfAborted()
      const judged = Promise.all([kept, this.#compile(files)]).then(([bound, answer]) => {
        // Its worker has been ended.
        signal?.throwIfAborted()
        return bound.judge(lesson, answer)
      })
      // It is said at once, while the answer is still being compiled.
      const broken = kept.then((bound) => bound.broken).then((verdict) => ({ verdict, printed: '', isIdle: false }))
      const { isIdle, ...run } = await Promise.race([judged, given, broken])
      if (isIdle) this.#kept ??= kept
      if (this.#kept !== kept) (await kept).end()
      return run
    } catch (error) {
      kept.then(
        (bound) => bound.end(),
        () => undefined,
      )
      if (signal?.aborted) throw error
      return { verdict: { outcome: 'broken', passed: [], message: String(error) }, printed: '' }
    } finally {
      this.#underWay--
    }
  }

  /** Ends whatever is kept. */
  end(): void {
    void this.#kept?.then(
      (bound) => bound.end(),
      () => undefined,
    )
    this.#kept = undefined
  }

  async #bound(): Promise<Bound> {
    return new Bound(await this.#start(), this.#limits, (files, file) => this.#plug(files, file))
  }

  /** A worker of its own, which is ended in the middle of its work. */
  async #plug(files: Named, file: string): Promise<Plugged> {
    const bound = await this.#bound()
    const { verdict, plugged } = await bound.teach(files, file)
    bound.end()
    if (plugged) return plugged
    return { problem: verdict?.outcome === 'broken' ? verdict.message : 'It ended before Fido was taught.', disk: [] }
  }
}

interface Told extends Run {
  readonly isIdle: boolean
}

/** One worker, and the answer that it is at. */
class Bound {
  readonly #thread: Thread
  readonly #limits: Limits
  readonly #calls
  /** When it was last heard of, in milliseconds, and when it was last at work; undefined before it runs the learner's code. */
  #heard: number | undefined
  #worked = 0
  /** For how long it has been at work, a little at a time. */
  #turned = 0
  #printed = ''
  #stopped: (verdict: Verdict) => void = () => undefined
  isBroken = false
  /** Why there is nothing in it that could judge; it may be told before anything is asked. */
  readonly broken: Promise<Verdict>

  constructor(thread: Thread, limits: Limits, plug: Bench['plug']) {
    this.#thread = thread
    this.#limits = limits
    const bench: Bench = {
      pulse: (begun, rang) => {
        const now = performance.now()
        const since = now - (this.#heard ?? now)
        const isAtWork = rang >= MANY || since > LONG
        if (isAtWork) this.#turned += Math.min(since, 1000)
        if (isAtWork || this.#heard === undefined) this.#worked = now
        this.#heard = begun ? now : undefined
      },
      printed: (text) => {
        this.#printed += text
      },
      exited: (code) => this.#stop('exit', `It called process.exit(${code}).`),
      plug,
    }
    this.#calls = createBirpc<Judge, Bench>(bench, {
      post: (message) => thread.postMessage(message),
      on: (hear) => thread.addEventListener('message', ({ data }) => hear(data)),
      timeout: -1,
    })
    this.broken = new Promise((resolve) => {
      thread.addEventListener('error', ({ message = '' }) => {
        const says = message === '' || NOT_IMPORTED.test(message) ? notLoaded('What judges answers') : message
        this.isBroken = true
        resolve({ outcome: 'broken', passed: [], message: says })
      })
    })
  }

  async prepare(lesson: number): Promise<void> {
    await this.#calls.prepare(lesson)
  }

  async judge(lesson: number, answer: Answer): Promise<Told> {
    const told = await this.#limited(this.#calls.judge(lesson, answer))
    const printed = this.#printed
    return 'outcome' in told ? { verdict: told, printed, isIdle: false } : { ...told, printed }
  }

  async teach(files: Named, file: string): Promise<{ readonly plugged?: Plugged; readonly verdict?: Verdict }> {
    const told = await this.#limited(this.#calls.teach(files, file))
    return 'outcome' in told ? { verdict: told } : { plugged: told }
  }

  end(): void {
    this.#thread.terminate()
    // Nobody watches it any more.
    this.#stopped({ outcome: 'broken', passed: [], message: 'It was ended.' })
  }

  #stop(obstacle: 'exit', message: string): void {
    this.#stopped({ outcome: 'unloadable', passed: [], trouble: { obstacle, message } })
  }

  /** What comes of it, or why it was stopped. */
  async #limited<T extends object>(work: Promise<T>): Promise<T | Verdict> {
    this.#heard = undefined
    this.#turned = 0
    this.#printed = ''
    const stopped = new Promise<Verdict>((resolve) => {
      this.#stopped = resolve
    })
    let before = performance.now()
    const watch = setInterval(() => {
      const now = performance.now()
      // Who was busy itself has not heard what waits to be heard.
      const isLate = now - before > 1000
      before = now
      if (this.#heard === undefined || isLate) return
      const { computing: limit, waiting: waited } = this.#limits
      if (now - this.#heard > limit * 1000 || this.#turned > waited * 1000)
        this.#stopped({ outcome: 'endless', passed: [], limit })
      else if (now - this.#worked > waited * 1000) this.#stopped({ outcome: 'endless', passed: [], waited })
    }, 100)
    try {
      return await Promise.race([work, stopped, this.broken])
    } finally {
      clearInterval(watch)
    }
  }
}
