/**
 * The prompt on a terminal: node:repl reads and edits the lines, and the session does everything else. No key but Enter
 * runs code: there is no preview, and completion asks the type checker.
 */
import { start } from 'node:repl'
import { guardProcess, onFarewell } from '../cells/process-guard'
import { findCommand } from '../commands'
import { type Look, paint } from '../render/look'
import { render } from '../render/render'
import { silent, waitingAfter, waitingOn } from '../render/waiting'
import type { Shell } from '../start/shell'
import { Completer } from './completer'
import { aboveLine, colourWhileTyping, editSeveralLines, leaveLine } from './editor'
import { Gate } from './gate'
import { keepHistory } from './history'

export interface Terminal {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
  readonly look: () => Look
  /** Describes an uncaught error, such as one from a timer or an unhandled rejection. */
  readonly uncaught: (error: unknown) => string
  /** The file with the inputs of earlier sessions; if left out, there are none. */
  readonly history?: string
}

/** Resolves to the exit status when the user leaves or the terminal is closed. */
export function openPrompt(shell: Shell, { input, output, look, uncaught, history }: Terminal): Promise<number> {
  const gate = new Gate(input)
  shell.session.evaluator.waiting = waitingOn(output, look)
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
    const { questions, isOver, prompt } = shell.session
    if (questions.newest !== undefined && !isOver) say(questions.newest)
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
    // Node 26 has a highlighter of its own; ours is colourWhileTyping.
    useColors: false,
    completer(line: string, done: (error: null, found: [string[], string]) => void) {
      const waiting = server.cursor < server.line.length ? silent : waitingAfter(output, look)
      void waiting('reading the types', () => completer.complete(line)).then((found) => done(null, found))
    },
  })
  const evaluate: typeof server.eval = (typed, _context, _file, done) => {
    wantsToLeave = false
    // The next key is passed on after node:repl knows that this line is done.
    void gate.hold(take(typed.replace(/\n$/, '')).then(() => done(null, undefined)))
  }
  // If `eval` were an option, node:repl would handle errors of timers, and differently in each version of Node.
  Object.assign(server, { eval: evaluate, useColors: look().colour })

  /** Prints an error above the current input. */
  const tell = (error: unknown): void => {
    aboveLine(server)
    say(uncaught(error))
    if (!isRunning) server.displayPrompt(true)
  }

  // None of node:repl's own commands is left: a line that starts with a dot goes to the session like any other.
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
    leaveLine(server)
    if (isEmpty) say('(Ctrl-C again leaves, and so do Ctrl-D and .exit.)')
    server.displayPrompt()
  })
  const release = guardProcess(tell, () => void shell.session.evaluator.stop())
  let knowsHowToLeave = false
  /** Said above the input: at the first one that goes on, and whenever a command is taken for a part of it. */
  const goesOn = (line: string) => {
    const isCommand = findCommand(/^\s*\.([a-z]+)(\s+\w+)*\s*$/.exec(line)?.[1] ?? '') !== undefined
    if (knowsHowToLeave && !isCommand) return
    knowsHowToLeave = true
    aboveLine(server)
    say(paint('dim', isCommand ? words.notACommand(line.trim()) : words.goesOn, look()))
    server.displayPrompt(true)
  }
  editSeveralLines(server, (text) => shell.isIncomplete(text), goesOn)
  if (look().colour) colourWhileTyping(server)
  keepHistory(server, history)
  // Asks the terminal to mark pastes (bracketed paste), so that no key in them takes effect.
  output.write('\u001b[?2004h')
  return new Promise((resolve) => {
    let status = 0
    server.on('exit', () => {
      output.write('\u001b[?2004l')
      release()
      input.pause()
      resolve(status)
    })
    // The user is gone: an unfinished input is not run, and a running one is not waited for.
    const hangUp = (because: number): void => {
      status = because
      gate.forget()
      shell.session.evaluator.stop()
      server.close()
    }
    onFarewell(hangUp)
    input.on('end', () => hangUp(129)).on('error', () => hangUp(129))
    output.on('error', () => hangUp(129))
  })
}

const words = {
  goesOn: '(Something is still open, so the input goes on. Ctrl-C gives it up.)',
  notACommand: (line: string) => `(${line} is taken for a part of the input, which goes on. Ctrl-C gives it up.)`,
}
