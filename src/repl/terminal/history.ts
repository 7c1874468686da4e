/**
 * The inputs of earlier sittings. In the file each is a line of JSON, because an input may have several lines itself.
 *
 * In memory an input stays as it was typed, so adding to the history is done here: from Node 24 on, node:repl would turn
 * the lines of an input round and join them by carriage returns, and its search through the history would show that.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { REPLServer } from 'node:repl'

/** How many are remembered. */
const limit = 1000

interface WithHistory {
  readonly line: string
  history: string[]
  historyIndex: number
  /** Adds the line to the history and gives it back; the same name since Node 15. */
  _addHistory(): string
}

/** @param file where inputs are kept for later sittings; none, if left out. One that cannot be written is done without. */
export function keepHistory(server: REPLServer, file: string | undefined): void {
  const editor = server as unknown as WithHistory
  const known = file === undefined ? [] : read(file)
  const history = known.slice(-limit).reverse()
  if (file !== undefined && known.length > 2 * limit)
    attempt(() => writeFileSync(file, known.slice(-limit).map(asLine).join('')))
  editor.history = history
  editor._addHistory = () => {
    const { line } = editor
    editor.historyIndex = -1
    if (line.trim() === '' || line === history[0]) return line
    history.unshift(line)
    history.splice(limit)
    if (file !== undefined) attempt(() => appendFileSync(file, asLine(line), { mode: 0o600 }))
    return line
  }
}

const asLine = (text: string): string => `${JSON.stringify(text)}\n`

function read(file: string): string[] {
  let lines: string[] = []
  attempt(() => {
    lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  })
  return lines.flatMap((line) => {
    try {
      const text: unknown = JSON.parse(line)
      return typeof text === 'string' ? [text] : []
    } catch {
      return []
    }
  })
}

function attempt(work: () => unknown): void {
  try {
    work()
  } catch {
    // A history is a comfort: a sitting goes on without it.
  }
}
