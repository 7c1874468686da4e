/**
 * Decides what a line is: a command, the reply to a question, or a cell.
 */

import { commands, findCommand } from '../commands/index'
import { all, nothing, problem, type Reply, text as say } from '../session/reply'
import type { Session } from '../session/session'
import { adviceOn } from './advice'

/** `.5` is a number, `..a` is nothing, `.dogs` is a command. */
export const isCommand = (text: string): boolean => /^\s*\.[a-z?]/i.test(text) && !text.trim().includes('\n')

export class Shell {
  readonly session: Session

  constructor(session: Session) {
    this.session = session
  }

  /** Whether more lines must follow. */
  isIncomplete(text: string): boolean {
    return (
      this.session.questions.newest === undefined && !isCommand(text) && this.session.evaluator.read(text).incomplete
    )
  }

  async take(text: string): Promise<Reply> {
    if (isCommand(text)) return this.#command(text.trim())
    const reply = this.session.questions.take()
    if (reply) return this.session.record(`? ${text}`, () => reply(text.trim()))
    if (text.trim() === '') return nothing
    const shown = await this.session.evaluate(text)
    const advice = adviceOn(text, shown)
    if (advice === undefined) return shown
    return shown.kind === 'mistakes' ? { ...shown, advice } : all(shown, say(advice))
  }

  async #command(line: string): Promise<Reply> {
    const [, name = '', rest = ''] = /^\.(\S*)\s*(.*)$/s.exec(line) ?? []
    const command = findCommand(name)
    if (command && rest !== '' && !command.usage.includes(' '))
      return problem(`.${command.name} takes nothing, not '${rest}'.`, `Try: .${command.name}`)
    if (command)
      return this.session.command(line, () => command.run(this.session, rest.split(/\s+/).filter(Boolean), rest))
    const meant = commandLike(name)
    return problem(`There is no command .${name}.`, `${meant ? `Did you mean .${meant}? ` : ''}.help lists them all.`)
  }
}

/** The command that was probably meant: one starts with the other, or they share most of their letters. */
function commandLike(name: string): string | undefined {
  const names = commands.map((command) => command.name)
  const { closest, distance } = require('fastest-levenshtein') as typeof import('fastest-levenshtein')
  const nearest = closest(name, names)
  return (
    names.find((each) => each.startsWith(name) || name.startsWith(each)) ??
    (distance(name, nearest) * 2 <= name.length ? nearest : undefined)
  )
}
