/**
 * The prompt on a terminal: node:repl reads and edits the lines, everything else is the session's. Nothing here runs
 * code because of a key: there is no preview, and completion asks the type checker.
 */
import type { EventEmitter } from 'node:events'
import { start } from 'node:repl'
import type { Look } from '../render/look'
import { render } from '../render/render'
import type { Shell } from '../shell'
import { Completer } from './completer'
import { colourWhileTyping, editSeveralLines } from './editor'
import { Gate } from './gate'
import { keepHistory } from './history'
import { guardProcess } from './process-guard'

export interface Terminal {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
  readonly look: () => Look
  /** What to say of an error that nobody caught: of a timer, of a promise that nobody waits for. */
  readonly uncaught: (error: unknown) => string
  /** Where the lines of earlier sittings are kept; none, if left out. */
  readonly history?: string
}

/** Resolves when the person leaves. */
export function openPrompt(shell: Shell, { input, output, look, uncaught, history }: Terminal): Promise<void> {
  const gate = new Gate(input)
  const completer = new Completer(shell)
  let isRunning = false
  let wantsToLeave = false

  const say = (text: string) => text !== '' && output.write(`${text}\n`)
  const take = async (text: string): Promise<void> => {
    isRunning = true
    try {
      say(render(await shell.take(text), look()))
    } finally {
      isRunning = false
    }
    const { question, isOver, prompt } = shell.session
    if (question !== undefined) say(question)
    server.setPrompt(prompt)
    if (isOver) server.close()
  }

  const server = start({
    input: gate as unknown as NodeJS.ReadableStream,
    output,
    terminal: true,
    prompt: '> ',
    useGlobal: true,
    preview: false,
    ignoreUndefined: true,
    useColors: look().colour,
    completer: (line: string, done: (error: null, found: [string[], string]) => void) =>
      void completer.complete(line).then((found) => done(null, found)),
    eval(typed, _context, _file, done) {
      const text = typed.replace(/\n$/, '')
      wantsToLeave = false
      // The next key comes after node:repl has heard that this line is done.
      void gate.hold(take(text).then(() => done(null, undefined)))
    },
  })

  /** Says it above the line that is being typed. */
  const tell = (error: unknown): void => {
    output.write('\r\u001b[J')
    say(uncaught(error))
    if (!isRunning) server.displayPrompt(true)
  }

  // Of node:repl's own commands none is left: a line with a dot goes where all others go.
  const asCommand = (name: string) => ({
    action(rest: string) {
      wantsToLeave = false
      void gate.hold(take(`.${name} ${rest}`.trimEnd()).then(() => shell.session.isOver || server.displayPrompt()))
    },
  })
  Object.defineProperty(server, 'commands', {
    value: new Proxy({}, { get: (_, name) => (typeof name === 'string' ? asCommand(name) : undefined) }),
  })

  server.removeAllListeners('SIGINT')
  server.on('SIGINT', () => {
    if (isRunning) {
      if (!shell.session.evaluator.stop()) say('(waiting for a command to end)')
      return
    }
    const isEmpty = server.line === ''
    if (isEmpty && wantsToLeave) return server.close()
    wantsToLeave = isEmpty
    server.clearBufferedCommand()
    Object.assign(server, { line: '', cursor: 0 })
    say(isEmpty ? '\n(Ctrl-C again leaves, and so do Ctrl-D and .exit.)' : '')
    output.write('\n')
    server.displayPrompt()
  })
  const release = guardProcess(tell)
  // Where node:repl has a domain of its own, errors come to that first.
  const { _domain } = server as unknown as { readonly _domain?: EventEmitter }
  _domain?.removeAllListeners('error').on('error', tell)
  editSeveralLines(server, (text) => shell.isIncomplete(text))
  if (look().colour) colourWhileTyping(server)
  if (history !== undefined) keepHistory(server, history)
  // Terminals that know it mark what is pasted, so that no key in it acts.
  output.write('\u001b[?2004h')
  return new Promise((resolve) => {
    server.on('exit', () => {
      output.write('\u001b[?2004l')
      release()
      input.pause()
      resolve()
    })
  })
}
