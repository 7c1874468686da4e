/** The inputs of earlier sittings. Each is a line of JSON, because an input may have several lines itself. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { REPLServer } from 'node:repl'

/** How many are remembered. */
const limit = 1000

/** Fills the history of a prompt and keeps what is added. A file that cannot be written is done without. */
export function keepHistory(server: REPLServer, file: string): void {
  const known = read(file)
  const history = known.slice(-limit).reverse()
  Object.assign(server, { history, historySize: limit })
  attempt(() => known.length > 2 * limit && writeFileSync(file, known.slice(-limit).map(asLine).join('')))
  let last = history[0]
  server.on('history', ([newest]: string[]) => {
    if (newest === undefined || newest === last) return
    last = newest
    attempt(() => appendFileSync(file, asLine(newest), { mode: 0o600 }))
  })
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
