/**
 * Takes a cell from text to outcome: read it, check its types, run it, remember its names. It knows TypeScript and
 * nothing of schools.
 */
import type { Cell } from './cell'
import type { Completion, Description } from './checker-protocol'
import type { Engine, Types } from './engine'
import { type Outcome, Runner } from './runner'
import { exporting, Scope } from './scope'

/** A value that is there from the start, and the statement that tells the checker of it. */
export interface Preloaded {
  readonly value?: unknown
  /** Gives the value when it is first asked for: what is slow to load need not be there for the prompt. */
  readonly load?: () => unknown
  readonly statement: string
  readonly isType?: boolean
}

/** The statements that the checker reads before the first line. Values that are loaded later are left out. */
export function preludeOf(preloaded: Readonly<Record<string, Preloaded>>): string {
  const atOnce = Object.values(preloaded).filter(({ load }) => !load)
  return [...new Set(atOnce.map(({ statement }) => statement))].join('\n')
}

export type Evaluated = Outcome | { readonly kind: 'mistakes'; readonly cell: Cell }

export class Evaluator {
  typesOn = true
  /** Does some work that may take long (or will, if `isLong`), and tells the user what it is. */
  waiting: <T>(what: string, work: () => Promise<T>, isLong?: boolean, leave?: string) => Promise<T> = (_, work) =>
    work()
  readonly #engine: Engine
  readonly #runner: Runner
  readonly #scope = new Scope()
  readonly #prelude: string
  #checker: Types | undefined
  /** Cells that ran before anybody asked for their types. */
  readonly #untold: Parameters<Types['types']['keep']>[] = []
  #cells = 0
  #isClosed = false
  #stopCheck: (() => void) | undefined

  constructor(engine: Engine, preloaded: Readonly<Record<string, Preloaded>>) {
    this.#engine = engine
    this.#runner = new Runner(engine)
    this.preload(preloaded)
    this.#prelude = preludeOf(preloaded)
  }

  /**
   * Loads what is slow to load, after the prompt is shown. The types take longest, and have a thread of their own. Loading
   * the compiler blocks this thread and its keyboard, so that happens after the types, or when the first cell needs it.
   */
  warmUp(): void {
    if (!this.typesOn) return void this.#engine.compiler()
    this.#types()
    this.#checker?.ready.then(() => this.#isClosed || this.#engine.compiler()).catch(() => undefined)
  }

  /** Makes names known, or known anew. */
  preload(preloaded: Readonly<Record<string, Preloaded>>): void {
    this.#scope.preload(preloaded)
    for (const [name, { value, load, isType }] of Object.entries(preloaded)) {
      if (load) this.#runner.provideLater(name, load)
      else if (!isType) this.#runner.provide(name, value)
    }
  }

  /** Replaces a value that was there from the start. */
  provide(name: string, value: unknown): void {
    this.#runner.provide(name, value)
  }

  read(text: string): Cell {
    return this.#engine.compiler().read(text)
  }

  /** Runs a cell, unless its types refuse it. What was declared is there for the next one. */
  async run(cell: Cell): Promise<Evaluated> {
    if (cell.mistake) return { kind: 'mistakes', cell }
    const header = this.#scope.header(cell.text, cell.declared)
    if (this.typesOn) {
      const mistakes = await this.#reading(() => this.unlessStopped(this.#types().check(header, cell.text)))
      if (mistakes === 'stopped') return { kind: 'stopped' }
      const [mistake] = mistakes
      if (mistake) return { kind: 'mistakes', cell: { ...cell, mistake } }
    }
    const name = `.cell-${++this.#cells}`
    const { outcome, names } = await this.#runner.run(cell, this.#engine.fileOf(name))
    this.#remember(name, header, cell, outcome, names)
    return outcome
  }

  /** Stops the cell that is running or being checked; returns false if there is none. */
  stop(): boolean {
    this.#stopCheck?.()
    return this.#stopCheck !== undefined || this.#runner.stop()
  }

  async complete(text: string): Promise<Completion[]> {
    return this.#types().complete(this.#scope.header(text), text, text.length)
  }

  async typeOf(expression: string): Promise<string | undefined> {
    return this.#reading(() => this.#types().typeOf(this.#scope.header(expression), expression))
  }

  async mistakesIn(text: string) {
    return this.#reading(() => this.#types().check(this.#scope.header(text), text))
  }

  async describe(expression: string): Promise<Description | undefined> {
    return this.#reading(() => this.#types().describe(this.#scope.header(expression), expression))
  }

  get names(): string[] {
    return this.#scope.names
  }

  /** The values of all names that are known now, the newest first. */
  values(): unknown[] {
    return this.#scope.names.map((name) => this.#runner.valueOf(name)).reverse()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#checker?.close()
    this.#runner.close()
  }

  #remember(name: string, header: string, cell: Cell, outcome: Outcome, names: ReadonlySet<string>): void {
    const came = cell.declared.filter((each) => each.kind === 'type' || names.has(each.name))
    this.#scope.add(`./${name}`, came)
    if (outcome.kind === 'done' && outcome.shows) {
      this.#runner.provide('_', outcome.value)
      this.#scope.add(`./${name}`, [{ name: '_', kind: 'let' }])
    }
    if (outcome.kind === 'thrown') {
      this.#runner.provide('_error', outcome.error)
      this.#scope.add('', [
        { name: '_error', kind: 'import', statement: 'declare let _error: Error & { code?: string }' },
      ])
    }
    this.#tell(name, header, exporting(cell, came))
  }

  #tell(...cell: Parameters<Types['types']['keep']>): void {
    if (this.#checker) this.#checker.types.keep(...cell).catch(() => undefined)
    else this.#untold.push(cell)
  }

  #reading<T>(work: () => Promise<T>): Promise<T> {
    return this.waiting('reading the types', work, !this.#checker?.isReady)
  }

  /** Waits for some work until Ctrl-C: what goes on then, nobody waits for. */
  async unlessStopped<T>(work: Promise<T>): Promise<T | 'stopped'> {
    const stopped = new Promise<'stopped'>((resolve) => {
      this.#stopCheck = () => resolve('stopped')
    })
    try {
      return await Promise.race([work, stopped])
    } finally {
      this.#stopCheck = undefined
    }
  }

  #types(): Types['types'] {
    if (!this.#checker) {
      this.#checker = this.#engine.openTypes(this.#prelude)
      for (const cell of this.#untold) this.#tell(...cell)
    }
    return this.#checker.types
  }
}
