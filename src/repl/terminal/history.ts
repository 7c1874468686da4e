/**
 * The inputs of earlier sessions. Each is a line of JSON in the file, because an input may have several lines.
 *
 * In memory, an input stays as it was typed. Node 24 and later would reverse the lines of an input and join them with
 * carriage returns, which its history search then shows; so entries are added here and not by node:repl.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { REPLServer } from 'node:repl'

/** How many are remembered. */
const limit = 1000

interface WithHistory {
  readonly line: string
  history: string[]
  historyIndex: number
  /** Adds the line to the history and returns it. It has had this name since Node 15. */
  _addHistory(): string
}

/** @param file where inputs are kept for later sessions; if left out, or if it cannot be written, they are not kept */
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
    // A session works without a history.
  }
}
