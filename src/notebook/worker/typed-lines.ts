/** Turns the places of compiled cells in a stack trace into those that were typed. */
import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'

/** The compiled code of each cell, by the file that it seems to be in. */
const cells = new Map<string, string>()

/** @param mapped the compiled code, with its source map at the end */
export function remember(file: string, mapped: string): void {
  cells.set(file, mapped)
}

/** The same error; its stack names the lines that were typed. */
export function inTypedLines(error: unknown): unknown {
  if (error instanceof Error && error.stack !== undefined)
    error.stack = error.stack.replace(/(\.cell-\d+\.ts)\.js:(\d+):\d+/g, (place, file, line) => {
      const typed = typedAt(file, Number(line))
      return typed === null ? place : `${file}:${typed.line}:${typed.column + 1}`
    })
  return error
}

/** Where the first thing on this line was typed. The first line of a cell begins with what was not typed. */
function typedAt(file: string, line: number): { line: number; column: number } | null {
  const [, map] = /sourceMappingURL=data:\S+?;base64,(\S+)/.exec(cells.get(file) ?? '') ?? []
  if (map === undefined) return null
  const bytes = Uint8Array.from(atob(map), (character) => character.charCodeAt(0))
  const traced = new TraceMap(new TextDecoder().decode(bytes))
  const at = originalPositionFor(traced, { line, column: 0, bias: LEAST_UPPER_BOUND })
  return at.line === null ? null : at
}
