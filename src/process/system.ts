/**
 * Applications that follow one another, declared as pipes.
 *
 * The same system runs step by step in a test, or for good in a process, with the same result: in both, each pipe is a
 * reaction that goes on from the position it has recorded. After the systems of the Python library `eventsourcing`,
 * with their runners as methods.
 */
import { EndlessReactionError, ReactionHangsError } from '../errors'
import type { LoggedEvent } from '../events/event'
import type { Upstream } from './policy'
import { mustBeUpstream, ProcessApplication } from './process'
import type { Progress } from './progress'
import type { Range, Reaction } from './reaction'

/** One application that reacts to another. */
export class Pipe {
  readonly upstream: Upstream
  readonly process: ProcessApplication
  /** What it stopped with; undefined while it runs, and after it was stopped. */
  error: Error | undefined
  #reaction: Reaction | undefined

  /** @internal A system makes its pipes. */
  constructor(upstream: Upstream, process: ProcessApplication) {
    this.upstream = upstream
    this.process = process
  }

  /** Up to where the log of `upstream` is dealt with, as far as is known here. */
  get position(): number {
    return this.#reaction?.position ?? 0
  }
  get isRunning(): boolean {
    return this.#reaction?.isRunning ?? false
  }
  toString(): string {
    return `${this.upstream.name} → ${this.process.name}`
  }

  /** @internal See `Reaction.react`. */
  async react(range: Range): Promise<number> {
    if (this.isRunning) throw new TypeError(`${this} is running: stop the system first`)
    this.error = undefined
    try {
      this.#reaction ??= this.process.reactionTo(this.upstream)
      return await this.#reaction.react(range)
    } catch (error) {
      this.error = error as Error
      throw error
    }
  }

  /** @internal What it did last. */
  get last(): Progress['last'] {
    return this.#reaction?.progress.last
  }

  /** @internal See `Reaction.stop`. */
  async stop(timeout: number): Promise<void> {
    await this.#reaction?.stop(timeout)
  }
}

/** What one step did. */
export interface Step {
  readonly pipe: Pipe
  /** What was reacted to. */
  readonly event: LoggedEvent
  /** The positions of what was recorded for it. */
  readonly recorded: readonly number[]
}

export interface SystemOptions {
  /** Called when a pipe stops with an error, while the others go on; by default, the message goes to the console. */
  readonly onError?: (error: Error, pipe: Pipe) => void
}

/** A system of applications: see `settle` for tests, and `start` for a process. */
export class System {
  readonly pipes: readonly Pipe[]
  readonly #onError: (error: Error, pipe: Pipe) => void
  /** The pipe whose turn it is. */
  #turn = 0

  /**
   * @param pipelines each is a list of applications, of which each reacts to the one before: `[[school, counters, mailer],
   *   [school, mailer]]`. The first can be far away: `{ name: 'school', notificationLog: remoteLog(…) }`
   * @throws TypeError for a list of less than two, an application that cannot react, a pipe that is there twice, and two
   *   applications with one name
   */
  constructor(pipelines: readonly (readonly [Upstream, ...ProcessApplication[]])[], options: SystemOptions = {}) {
    const pipes = new Map<string, Pipe>()
    const named = new Map<string, Upstream>()
    for (const pipeline of Array.isArray(pipelines) ? pipelines : [pipelines]) {
      if (!Array.isArray(pipeline) || pipeline.length < 2)
        throw new TypeError('A pipeline is a list of two or more applications: [school, counters]')
      for (const [i, to] of pipeline.entries()) {
        mustBeUpstream(to)
        if ((named.get(to.name) ?? to) !== to)
          throw new TypeError(`Two applications of this system are called ${to.name}: give each a name of its own`)
        named.set(to.name, to)
        const from = pipeline[i - 1]
        if (!from) continue
        if (!(to instanceof ProcessApplication))
          throw new TypeError(`${to.name} cannot react to ${from.name}: let it extend ProcessApplication`)
        const pipe = new Pipe(from, to)
        if (pipes.has(`${pipe}`)) throw new TypeError(`The pipe ${pipe} is there twice: leave one of them out`)
        pipes.set(`${pipe}`, pipe)
      }
    }
    this.pipes = [...pipes.values()]
    this.#onError =
      options.onError ??
      ((error, pipe) => console.error(`${pipe} has stopped, until resume() is called. ${error.name}: ${error.message}`))
  }

  /**
   * Lets one pipe deal with one event that it has a handler for, each pipe in turn. Resolves with what was done;
   * undefined if nobody has anything to do.
   *
   * @throws ReactionError if it fails; the next step is for the next pipe
   */
  async step(): Promise<Step | undefined> {
    for (let tried = 0; tried < this.pipes.length; tried++) {
      const pipe = this.pipes[this.#turn] as Pipe
      this.#turn = (this.#turn + 1) % this.pipes.length
      if ((await pipe.react({ upToNow: true, count: 1 })) > 0)
        return { pipe, ...(pipe.last as NonNullable<Pipe['last']>) }
    }
    return undefined
  }

  /**
   * Runs until nobody has anything to do, and resolves with how many events were dealt with. A pipe that fails stops,
   * and the others go on.
   *
   * @param options `rounds`: how often each may have its turn, 1000 by default; a chain of reactions takes one for each
   * @throws ReactionError of the first pipe that failed, at the end; TypeError if one is running
   * @throws EndlessReactionError if they still react to one another after so many rounds
   */
  async settle({ rounds = 1000 }: { readonly rounds?: number } = {}): Promise<number> {
    if (!(rounds >= 1)) throw new TypeError(`settle() needs 1 round or more, not ${rounds}`)
    const failed = new Map<Pipe, unknown>()
    let [done, most, busy] = [0, Infinity, [...this.pipes]]
    for (let round = 1; busy.length > 0; round++) {
      const before = done
      busy = []
      for (const pipe of this.pipes) {
        if (failed.has(pipe)) continue
        const position = pipe.position
        done += await pipe.react({ upToNow: true }).catch((error) => {
          failed.set(pipe, error)
          return 0
        })
        if (pipe.position > position) busy.push(pipe)
      }
      // Reactions that multiply need no thousand rounds to fill the memory.
      if (round === 1) most = 100 * (rounds + done)
      if (busy.length > 0 && (round >= rounds || done > most))
        throw new EndlessReactionError(
          `After ${round} rounds and ${done} reactions, there is no end in ${busy.join(', ')} (${done - before} in the last round): let a handler return nothing when there is nothing left to do, or allow more rounds`,
        )
    }
    for (const error of failed.values()) throw error
    return done
  }

  /** Lets every pipe that does not run react to what is there and what comes, until it is stopped or fails. */
  start(): void {
    this.#start(this.pipes)
  }

  /** Tries again what failed: one pipe, or all of them. */
  resume(pipe?: Pipe): void {
    this.#start((pipe ? [pipe] : this.pipes).filter(({ error }) => error))
  }

  #start(pipes: readonly Pipe[]): void {
    for (const pipe of pipes)
      if (!pipe.isRunning)
        pipe.react({}).catch((error) => {
          // stop() tells of one that hangs.
          if (!(error instanceof ReactionHangsError)) this.#onError(error, pipe)
        })
  }

  /**
   * Stops every pipe, after the handler that runs.
   *
   * @param options `timeout`: how long a handler may still take, in milliseconds; 10,000 by default
   * @throws ReactionHangsError if one takes longer: it was given up, and nothing that it returns is recorded
   */
  async stop({ timeout = 10_000 }: { readonly timeout?: number } = {}): Promise<void> {
    const stopped = await Promise.allSettled(this.pipes.map((pipe) => pipe.stop(timeout)))
    const hanging = stopped.flatMap((each) => (each.status === 'rejected' ? (each.reason as Error) : []))
    if (hanging.length > 0) throw new ReactionHangsError(hanging.map(({ message }) => message).join('\n'))
  }

  /** Stops every pipe, and closes every application. @throws as `stop`, when all are closed */
  async close(options?: { readonly timeout?: number }): Promise<void> {
    const stopping = this.stop(options)
    await stopping.catch(() => undefined)
    const applications = new Set(this.pipes.flatMap(({ upstream, process }) => [upstream, process]))
    for (const each of applications as Set<{ close?(): Promise<void> }>) await each.close?.()
    await stopping
  }
}
