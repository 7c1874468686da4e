/**
 * Runs cells, one at a time, and can let go of one that does not end.
 *
 * What runs without pause is stopped by a signal, which only the thread of V8 itself can notice; what waits cannot be
 * stopped at all, so it is abandoned: nobody waits for it any longer, and its next loop round throws.
 */
import { Script } from 'node:vm'
import type { Cell, TypeScript } from './cell'
import { importable, loaderFor } from './modules'
import { compileCell } from './script'

/** What the place that the session runs in can do about a cell that does not end. */
export interface Guard {
  /** Runs what may never return, such that Ctrl-C can reach it. */
  around<T>(run: () => T): T
  /** Whether Ctrl-C was pressed since, asked from a loop that lets nothing else happen. */
  stopAsked(): boolean
  /** Whether a signal breaks off what runs without pause. */
  readonly breakable: boolean
}

export const noGuard: Guard = { around: (run) => run(), stopAsked: () => false, breakable: false }

export type Outcome =
  | { readonly kind: 'done'; readonly value: unknown; readonly shows: boolean }
  | { readonly kind: 'thrown'; readonly error: unknown }
  | { readonly kind: 'stopped' }

type Lent = Record<string, [get: () => unknown, set: (value: unknown) => void]>

const { compiled } = require('../../node/register.cjs') as { compiled: Map<string, string> }
/** How many rounds of a loop pass between two looks at the keyboard. */
const ROUNDS = 1023

class Stopped extends Error {}

export class Runner {
  readonly #guard: Guard
  readonly #load: (name: string) => unknown
  /** Node's own globals. A cell may use such a name, but must not take it from the program around it. */
  readonly #taken = new Set(Object.getOwnPropertyNames(globalThis))
  readonly #hidden = new Map<string, () => unknown>()
  readonly #lent = new Set<string>()
  #stop: (() => void) | undefined

  constructor(folder: string, guard: Guard) {
    this.#guard = guard
    this.#load = loaderFor(folder)
  }

  /** Makes a value known to all cells, under a name that they may take for themselves. */
  provide(name: string, value: unknown): void {
    this.#hidden.delete(name)
    this.#lent.add(name)
    this.#taken.delete(name)
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true })
  }

  /** The same for a value that is loaded when somebody asks for it. */
  provideLater(name: string, load: () => unknown): void {
    this.provide(name, undefined)
    Object.defineProperty(globalThis, name, {
      get: () => {
        const value = load()
        this.provide(name, value)
        return value
      },
      set: (value) => this.provide(name, value),
      configurable: true,
      enumerable: true,
    })
  }

  /** What a name stands for now; undefined for one that is not there, or is not there yet. */
  valueOf(name: string): unknown {
    try {
      return this.#hidden.get(name)?.() ?? Reflect.get(globalThis, name)
    } catch {
      return undefined
    }
  }

  /** Runs a cell; tells how it ended and which of its names have come to be. */
  async run(ts: TypeScript, cell: Cell, file: string): Promise<{ outcome: Outcome; names: Set<string> }> {
    const token = { stopped: false }
    const before = new Map<string, PropertyDescriptor | undefined>()
    let shown: { value: unknown } | undefined
    let lent: Lent = {}
    const borrowed = [...this.#hidden.keys()].filter(
      (name) => cell.text.includes(name) && !cell.declared.some((each) => each.name === name),
    )
    const script = compileCell(ts, cell, file, borrowed)
    compiled.set(file, script.mapped)
    const given = [
      (entries: Lent) => {
        lent = entries
        for (const name of Object.keys(entries)) before.set(name, this.#lend(name, entries))
      },
      (value: unknown) => {
        shown = { value }
      },
      (name: string) => importable(this.#load(name)),
      this.#aliveness(token),
      this.#load,
      {},
      ...borrowed.map((name) => this.#hidden.get(name)?.()),
    ]
    Object.defineProperty(globalThis, '$cell', { value: () => given, configurable: true })

    const outcome = await this.#follow(
      () =>
        new Script(script.code, { filename: file }).runInThisContext({
          breakOnSigint: this.#guard.breakable,
          displayErrors: false,
        }),
      token,
      async () => {
        // A cell that ends with a promise shows the promise: waiting for it is what `await` is for.
        const { value } = shown ?? { value: undefined }
        return { kind: 'done', value, shows: shown !== undefined }
      },
    )
    const names = new Set(Object.keys(lent))
    if (outcome.kind !== 'done')
      for (const name of names)
        if (!hasCome(lent, name)) {
          names.delete(name)
          this.#restore(name, before.get(name))
        }
    return { outcome, names }
  }

  /** Lets go of the running cell. */
  stop(): boolean {
    this.#stop?.()
    return this.#stop !== undefined
  }

  /** Takes every name back from the global object. */
  close(): void {
    for (const name of this.#lent) Reflect.deleteProperty(globalThis, name)
    Reflect.deleteProperty(globalThis, '$cell')
  }

  async #follow(start: () => unknown, token: { stopped: boolean }, end: () => Promise<Outcome>): Promise<Outcome> {
    const stopped = new Promise<Outcome>((resolve) => {
      this.#stop = () => {
        token.stopped = true
        resolve({ kind: 'stopped' })
      }
    })
    const ended = async (): Promise<Outcome> => {
      try {
        await this.#guard.around(start)
        return await end()
      } catch (error) {
        return wasStopped(error) ? { kind: 'stopped' } : { kind: 'thrown', error }
      }
    }
    try {
      return await Promise.race([ended(), stopped])
    } finally {
      this.#stop = undefined
    }
  }

  #aliveness(token: { stopped: boolean }): () => void {
    let rounds = 0
    return () => {
      rounds++
      if ((rounds & ROUNDS) === 0 && this.#guard.stopAsked()) token.stopped = true
      if (token.stopped) throw new Stopped()
    }
  }

  #lend(name: string, entries: Lent): PropertyDescriptor | undefined {
    const [get, set] = entries[name] as Lent[string]
    if (this.#taken.has(name)) {
      this.#hidden.set(name, get)
      return undefined
    }
    const earlier = Object.getOwnPropertyDescriptor(globalThis, name)
    this.#lent.add(name)
    Object.defineProperty(globalThis, name, { get, set, configurable: true, enumerable: true })
    return earlier
  }

  #restore(name: string, earlier: PropertyDescriptor | undefined): void {
    this.#hidden.delete(name)
    if (this.#taken.has(name)) return
    if (earlier) Object.defineProperty(globalThis, name, earlier)
    else Reflect.deleteProperty(globalThis, name)
  }
}

/** A name whose declaration was never reached cannot be read, now or later. */
function hasCome(lent: Lent, name: string): boolean {
  try {
    lent[name]?.[0]()
    return true
  } catch {
    return false
  }
}

function wasStopped(error: unknown): boolean {
  return (
    error instanceof Stopped || (error as { code?: string } | undefined)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED'
  )
}
