/**
 * Runs cells, one at a time, and can abandon one that does not end.
 *
 * Synchronous code is stopped by a signal, which V8 itself handles. Asynchronous code cannot be stopped, so it is abandoned:
 * nothing waits for it any more, and the next iteration of its loop throws.
 *
 * A cell *exports* the names that it declares: each becomes an accessor on the global object, where later cells find
 * it. Names of Node's own are *reserved*: a cell that declares one *shadows* it, and later cells *import* it by name.
 */
import type { Cell } from './cell'
import type { Engine } from './engine'
import { importable } from './importable'
import { scriptOf } from './script'
import { Unsettled } from './unsettled'

export type Outcome =
  | {
      readonly kind: 'done'
      readonly value: unknown
      readonly shows: boolean
      /** The lines of calls whose promises nobody waits for, from 1, and which were not settled when the cell ended. */
      readonly left: readonly number[]
      /** The lines of `forEach` with an async function that has not come to its end by then. */
      readonly each: readonly number[]
    }
  | { readonly kind: 'thrown'; readonly error: unknown }
  | { readonly kind: 'stopped' }

type Exported = Record<string, [get: () => unknown, set: (value: unknown) => void]>

/** A loop checks the keyboard each time this many iterations have passed. */
const ROUNDS = 1023

/**
 * What a cell has begun and has not waited for, gets as many turns of the event loop before it counts as over: what it records
 * at once is told with it, and not with the next one.
 */
const TURNS = 100

class Stopped extends Error {}

export class Runner {
  readonly #engine: Engine
  /** What nobody has used yet, so that it is not loaded. */
  readonly #later = new Set<string>()
  /** Node's own globals: a cell may declare one for itself, but not change it for the rest of the program. */
  readonly #reserved = new Set(Object.getOwnPropertyNames(globalThis))
  readonly #shadowed = new Map<string, () => unknown>()
  readonly #exported = new Set<string>()
  #stop: (() => void) | undefined

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Makes a value available to all cells. They may declare the same name for something else. */
  provide(name: string, value: unknown): void {
    this.#shadowed.delete(name)
    this.#exported.add(name)
    this.#reserved.delete(name)
    this.#later.delete(name)
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true })
  }

  /** Like `provide`, but loads the value when it is first used. */
  provideLater(name: string, load: () => unknown): void {
    this.provide(name, undefined)
    this.#later.add(name)
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

  /** The current value of a name; undefined if it has none, or none yet. Nothing is loaded for that. */
  valueOf(name: string): unknown {
    if (this.#later.has(name)) return undefined
    try {
      return this.#shadowed.get(name)?.() ?? Reflect.get(globalThis, name)
    } catch {
      return undefined
    }
  }

  /** Runs a cell; returns how it ended and which of its names have been initialized. */
  async run(cell: Cell, file: string): Promise<{ outcome: Outcome; names: Set<string> }> {
    const token = { stopped: false }
    const before = new Map<string, PropertyDescriptor | undefined>()
    let shown: { value: unknown } | undefined
    let exported: Exported = {}
    const [left, each] = [new Unsettled(), new Unsettled()]
    const imported = [...this.#shadowed.keys()].filter(
      (name) => cell.text.includes(name) && !cell.declared.some((each) => each.name === name),
    )
    const script = scriptOf(cell, this.#engine.compiler().javaScript(cell, file), imported)
    const values = [
      (entries: Exported) => {
        exported = entries
        for (const name of Object.keys(entries)) before.set(name, this.#export(name, entries))
      },
      (value: unknown) => {
        shown = { value }
      },
      (name: string) => importable(this.#engine.load(name)),
      this.#aliveness(token),
      (value: unknown, line: number) => left.add(value, line),
      (work: (...given: unknown[]) => unknown, line: number) =>
        (...given: unknown[]) => {
          const value = work(...given)
          // A `forEach` of somebody's own may well wait.
          if ([Array, Map, Set].some((Kind) => given[2] instanceof Kind)) each.add(value, line)
          return value
        },
      (name: string) => this.#engine.load(name),
      {},
      ...imported.map((name) => this.#shadowed.get(name)?.()),
    ]
    Object.defineProperty(globalThis, '$cell', { value: () => values, configurable: true })

    const outcome = await this.#follow(
      () => this.#engine.run(script, file),
      token,
      async () => {
        // A cell that ends with a promise shows the promise; to wait for it, one types `await`.
        const { value } = shown ?? { value: undefined }
        return { kind: 'done', value, shows: shown !== undefined, left: left.lines, each: each.lines }
      },
    )
    const hasPromise = [shown, ...Object.values(exported).map(read)].some((each) => each?.value instanceof Promise)
    const isLeft = () => [left, each].some(({ lines }) => lines.length > 0)
    if (outcome.kind !== 'stopped')
      for (let turn = 0; turn < TURNS && (hasPromise || isLeft()); turn++) await this.#engine.turn()
    const names = new Set(Object.keys(exported))
    if (outcome.kind !== 'done')
      for (const name of names)
        if (!read(exported[name] as Exported[string])) {
          names.delete(name)
          this.#restore(name, before.get(name))
        }
    return { outcome, names }
  }

  /** Abandons the running cell; returns false if none is running. */
  stop(): boolean {
    this.#stop?.()
    return this.#stop !== undefined
  }

  /** Removes every exported name from the global object. */
  close(): void {
    for (const name of this.#exported) Reflect.deleteProperty(globalThis, name)
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
        await this.#engine.guard.around(start)
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
      if ((rounds & ROUNDS) === 0 && this.#engine.guard.stopAsked()) token.stopped = true
      if (token.stopped) throw new Stopped()
    }
  }

  #export(name: string, entries: Exported): PropertyDescriptor | undefined {
    const [get, set] = entries[name] as Exported[string]
    if (this.#reserved.has(name)) {
      this.#shadowed.set(name, get)
      return undefined
    }
    const earlier = Object.getOwnPropertyDescriptor(globalThis, name)
    this.#exported.add(name)
    Object.defineProperty(globalThis, name, { get, set, configurable: true, enumerable: true })
    return earlier
  }

  #restore(name: string, earlier: PropertyDescriptor | undefined): void {
    this.#shadowed.delete(name)
    if (this.#reserved.has(name)) return
    if (earlier) Object.defineProperty(globalThis, name, earlier)
    else Reflect.deleteProperty(globalThis, name)
  }
}

/** A name whose declaration was never reached cannot be read, now or later: undefined. */
function read([get]: Exported[string]): { readonly value: unknown } | undefined {
  try {
    return { value: get() }
  } catch {
    return undefined
  }
}

function wasStopped(error: unknown): boolean {
  return (
    error instanceof Stopped || (error as { code?: string } | undefined)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED'
  )
}
