/** Who works in a campaign: processes that are started, killed, held up, and started again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { cleanEnvironment, shortLived } from '../clean-environment'
import { type Job, Work } from './work'

const program = [shortLived, join(__dirname, '..', 'recorders', 'crash', 'run.cjs'), join(__dirname, 'worker.ts')]

/** Who has not come to an end after so many milliseconds is killed, which is a failure. */
const LATE = 120_000

export interface Worker {
  readonly job: Job
  /** How many saves were acknowledged to it. */
  readonly acknowledged: number
  /** It has ended, with this signal or code. */
  readonly endedWith: string | undefined
  tell(order: string): void
  kill(): Promise<void>
  /** Starts it again, if it has ended. */
  restart(changes?: Partial<Job>): void
  /** Resolves when it has ended itself. */
  dies(): Promise<void>
  pause(): void
  goOn(): void
  stopWriting(): Promise<void>
  /** Lets it deal with what is left, and end. */
  end(): Promise<void>
}

/** One that works in this process, and cannot be killed. */
export class Here implements Worker {
  readonly job: Job
  acknowledged = 0
  endedWith: string | undefined
  readonly #work: Work

  constructor(job: Job) {
    this.job = job
    this.#work = new Work(job, () => this.acknowledged++)
    this.#work.start()
  }

  tell(): void {}
  restart(): void {}
  pause(): void {}
  goOn(): void {}
  dies = (): Promise<void> => this.end()
  kill = (): Promise<void> => this.end()
  stopWriting = (): Promise<void> => this.#work.stopWriting()

  async end(): Promise<void> {
    await this.#work.end()
    this.endedWith = '0'
  }
}

export class Process implements Worker {
  job: Job
  acknowledged = 0
  #child!: ChildProcess
  #ended!: Promise<unknown>
  #stopped!: Promise<unknown>
  endedWith: string | undefined

  constructor(job: Job) {
    this.job = job
    this.#start()
  }

  #start(): void {
    this.endedWith = undefined
    const child = spawn(process.execPath, [...program, JSON.stringify(this.job)], {
      env: cleanEnvironment(),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#child = child
    this.#ended = once(child, 'exit').then(([code, signal]) => {
      this.endedWith = `${signal ?? code}`
    })
    this.#stopped = new Promise((resolve) => {
      child.on('message', (said) => {
        if (said === 'acknowledged') this.acknowledged++
        if (said === 'stopped') resolve(undefined)
      })
    })
    // What it is told after it has ended is not heard.
    child.on('error', () => {})
  }

  tell(order: string): void {
    if (this.#child.connected) this.#child.send(order, () => {})
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  restart(changes: Partial<Job> = {}): void {
    if (this.endedWith === undefined) return
    this.job = { ...this.job, death: undefined, ...changes, times: this.job.times + 1 }
    this.#start()
  }

  async dies(): Promise<void> {
    await this.#ended
  }

  pause(): void {
    this.#child.kill('SIGSTOP')
  }

  goOn(): void {
    this.#child.kill('SIGCONT')
  }

  async stopWriting(): Promise<void> {
    this.tell('stopWriting')
    await this.#orKilled(Promise.race([this.#stopped, this.#ended]))
  }

  async end(): Promise<void> {
    this.tell('end')
    await this.#orKilled(this.#ended)
  }

  async #orKilled(done: Promise<unknown>): Promise<void> {
    const late = setTimeout(() => this.#child.kill('SIGKILL'), LATE)
    await done
    clearTimeout(late)
  }
}
