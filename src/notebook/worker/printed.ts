/** What code prints: it is shown below its cell. */
import { format, inspect } from './node-util'

/** More is counted, and not kept. */
const MOST_LINES = 500
const MOST_CHARACTERS = 50_000

export class Printed {
  #lines: string[] = []
  #left = MOST_CHARACTERS
  #more = 0
  /** Hears each line at once while it is set, and then nothing is kept. */
  late: ((line: string) => void) | undefined

  add(line: string): void {
    if (this.late) this.late(line)
    else if (this.#lines.length === MOST_LINES || this.#left <= 0) this.#more++
    else {
      this.#lines.push(line.slice(0, this.#left))
      this.#left -= line.length
    }
  }

  /** What was printed since this was called last, or undefined. */
  take(): string | undefined {
    const lines = this.#lines
    if (this.#more > 0) lines.push(`… and ${this.#more} more`)
    this.#lines = []
    this.#left = MOST_CHARACTERS
    this.#more = 0
    return lines.length > 0 ? lines.join('\n') : undefined
  }
}

/** Has `console` print into what this returns, as it prints in Node; what it has no lines for, is as it was. */
export function installConsole(): Printed {
  const printed = new Printed()
  let indent = ''
  const say = (...given: unknown[]) => printed.add(format(...given).replace(/^/gm, indent))
  const dir = (value: unknown, options?: object) => printed.add(inspect(value, options).replace(/^/gm, indent))
  const group = (...given: unknown[]) => {
    if (given.length > 0) say(...given)
    indent += '  '
  }
  Object.assign(console, {
    ...{ log: say, info: say, debug: say, warn: say, error: say, table: say },
    ...{ dir, group, groupCollapsed: group },
    groupEnd: () => {
      indent = indent.slice(2)
    },
    assert: (holds: unknown, ...given: unknown[]) => {
      if (!holds) say('Assertion failed', ...given)
    },
  })
  return printed
}
