/**
 * Edits an input of several lines as one string: Enter starts a new line while the input is incomplete, the arrows move
 * between lines, and a paste arrives in one piece and waits for Enter. node:readline draws all of this correctly once its
 * line may contain line breaks.
 */
import { moveCursor } from 'node:readline'
import type { REPLServer } from 'node:repl'
import { highlight } from '../render/highlight'

/** The private members of node:readline that are replaced here. They have had these names since Node 15. */
interface Editor {
  line: string
  cursor: number
  isCompletionEnabled: boolean
  /** The number of rows above the cursor. */
  prevRows: number
  historyIndex: number
  clearLine(): void
  getPrompt(): string
  _insertString(text: string): void
  _refreshLine(): void
  _ttyWrite(text: string | undefined, key: Key): void
  _writeToOutput(text: string): void
}

interface Key {
  readonly name?: string
  readonly sequence?: string
  readonly ctrl?: boolean
  readonly meta?: boolean
}

const step = '  '

/** @param goesOn is told of each line of the input behind which another one begins */
export function editSeveralLines(
  server: REPLServer,
  isIncomplete: (text: string) => boolean,
  goesOn: (line: string) => void = () => undefined,
): void {
  const editor = server as unknown as Editor
  const typed = editor._ttyWrite.bind(editor)
  const insertOne = editor._insertString.bind(editor)
  let paste: string | undefined
  drawPlainly(server)

  // When several keys arrive at once, readline turns this off for all but the last one.
  editor._insertString = (text) => {
    const { isCompletionEnabled } = editor
    editor.isCompletionEnabled = true
    insertOne(text)
    editor.isCompletionEnabled = isCompletionEnabled
  }
  editor._ttyWrite = (text, key) => {
    if (key.name === 'paste-start') paste = ''
    else if (key.name === 'paste-end') {
      insert(editor, withoutEnd(paste ?? ''))
      paste = undefined
    } else if (paste !== undefined)
      paste += /^[\r\n]/.test(key.sequence ?? '') ? '\n' : key.name === 'tab' ? step : (text ?? '')
    else if (key.name === 'return' || key.name === 'enter') {
      if (key.meta || isIncomplete(editor.line)) {
        const above = editor.line.slice(0, editor.cursor)
        insert(editor, `\n${indentation(editor)}`)
        return goesOn(above.slice(above.lastIndexOf('\n') + 1))
      }
      editor.cursor = editor.line.length
      editor._refreshLine()
      typed(text, { ...key, name: 'return' })
    } else if (!moved(editor, key)) {
      if (text !== undefined && /^[)\]}]$/.test(text)) outdent(editor)
      typed(text, key)
    }
  }
}

/**
 * Since Node 24, node:readline treats an input of several lines in a way of its own: it puts a bar before each line and
 * drops the previous entry from the history. It does so only while a private flag says that there are several lines.
 */
function drawPlainly(server: REPLServer): void {
  for (const note of Object.getOwnPropertySymbols(server))
    if (note.description === '_isMultiline') Object.defineProperty(server, note, { get: () => false, set: () => {} })
}

function insert(editor: Editor, text: string): void {
  const { line, cursor } = editor
  editor.line = line.slice(0, cursor) + text + line.slice(cursor)
  editor.cursor = cursor + text.length
  editor._refreshLine()
}

/** Line breaks at the end of a paste do not count as Enter. */
const withoutEnd = (text: string): string => text.replace(/\n+$/, '')

/** The indentation of the current line, plus one step if the line ends with an opening bracket. */
function indentation({ line, cursor }: Editor): string {
  const current = line.slice(line.lastIndexOf('\n', cursor - 1) + 1, cursor)
  return (/^[ \t]*/.exec(current)?.[0] ?? '') + (/[{([]\s*$/.test(current) ? step : '')
}

/** Moves a closing bracket back to the indentation of the line that opened it. */
function outdent(editor: Editor): void {
  const { line, cursor } = editor
  const before = line.slice(0, cursor)
  if (!/\n *$/.test(before) || !before.endsWith(step)) return
  editor.line = before.slice(0, -step.length) + line.slice(cursor)
  editor.cursor = cursor - step.length
}

/** Handles Up, Down, Home and End within several lines; returns false for keys that are node:readline's. */
function moved(editor: Editor, { name, ctrl }: Key): boolean {
  const { line, cursor } = editor
  if (!line.includes('\n')) return false
  const start = line.lastIndexOf('\n', cursor - 1) + 1
  const next = line.indexOf('\n', cursor)
  const end = next < 0 ? line.length : next
  const go = (to: number): true => {
    editor.cursor = to
    editor._refreshLine()
    return true
  }
  if (name === 'home' || (ctrl && name === 'a')) return go(start)
  if (name === 'end' || (ctrl && name === 'e')) return go(end)
  if (name === 'up' && !ctrl && start > 0) {
    const above = line.lastIndexOf('\n', start - 2) + 1
    return go(Math.min(above + cursor - start, start - 1))
  }
  if (name === 'down' && !ctrl && next >= 0) {
    const below = line.indexOf('\n', end + 1)
    return go(Math.min(end + 1 + cursor - start, below < 0 ? line.length : below))
  }
  return false
}

/** Erases the input from the screen, so that something else can be printed in its place. */
export function aboveLine(server: REPLServer): void {
  const editor = server as unknown as Editor
  moveCursor(server.output as NodeJS.WriteStream, 0, -(editor.prevRows ?? 0))
  editor.prevRows = 0
  server.output.write('\r\u001b[J')
}

/** Abandons the current input: it stays on the screen, and a new one begins below it. */
export function leaveLine(server: REPLServer): void {
  const editor = server as unknown as Editor
  editor.clearLine()
  editor.historyIndex = -1
}

/** Highlights the input again after each key. */
export function colourWhileTyping(server: REPLServer): void {
  const editor = server as unknown as Editor
  const write = editor._writeToOutput.bind(editor)
  const insertPlain = editor._insertString.bind(editor)
  editor._writeToOutput = (text) => {
    const { line } = editor
    const isLine = line !== '' && text.endsWith(line) && text.length <= editor.getPrompt().length + line.length
    write(isLine ? text.slice(0, text.length - line.length) + highlight(line) : text)
  }
  editor._insertString = (text) => {
    insertPlain(text)
    editor._refreshLine()
  }
}
