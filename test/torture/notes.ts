/**
 * What a process notes, where a kill cannot take it back: a line of JSON each. A line that was cut off by a kill was not
 * noted.
 */
import { appendFileSync, existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

/** What came of a save. */
export interface Outcome {
  readonly result: 'acknowledged' | 'refused' | 'unknown'
  /** The names of what was to be recorded. */
  readonly names: readonly string[]
  /** Where it is recorded. */
  readonly positions?: readonly number[]
  /** Why it is not. */
  readonly code?: string
  /** How long it took, in milliseconds. */
  readonly took: number
}

/** An event that a follower saw. */
export type Seen = readonly [position: number, aggregateId: string, version: number]

export interface Noted {
  readonly outcomes: Outcome[]
  /** By follower. */
  readonly seen: Map<string, Seen[]>
  /** Errors that nobody expects. */
  readonly errors: string[]
}

export class Notes {
  readonly #file: string

  constructor(folder: string, name: string) {
    this.#file = join(folder, `${name}.notes`)
    // A follower that sees nothing has notes, too: none.
    appendFileSync(this.#file, '')
    truncateSync(this.#file, Buffer.byteLength(linesOf(this.#file).join('')))
  }

  add(...what: readonly unknown[]): void {
    if (what.length > 0) appendFileSync(this.#file, what.map((each) => `${JSON.stringify(each)}\n`).join(''))
  }

  last(): unknown {
    const line = linesOf(this.#file).at(-1)
    return line && JSON.parse(line)
  }
}

/** What all processes have noted in this folder until now. */
export function noted(folder: string): Noted {
  const all: Noted = { outcomes: [], seen: new Map(), errors: [] }
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.notes')) continue
    const notes = linesOf(join(folder, name)).map((line) => JSON.parse(line))
    if (name.startsWith('writer')) all.outcomes.push(...notes)
    else if (name.startsWith('follower')) all.seen.set(name, notes)
    else all.errors.push(...notes)
  }
  return all
}

function linesOf(file: string): string[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').match(/.*\n/g) ?? []
}
