/** What TAB offers. It asks TypeScript and the log; it never runs what was typed. */
import { commands, findCommand } from '../commands'
import { idsFor } from '../session/ids'
import type { Shell } from '../start/shell'

const fragmentAtEnd = /[\p{ID_Continue}$]*$/u

export class Completer {
  readonly #shell: Shell

  constructor(shell: Shell) {
    this.#shell = shell
  }

  /** The possible endings of this text, and the part of them that has been typed. */
  async complete(text: string): Promise<[string[], string]> {
    try {
      const command = /^\s*\.([a-z]*)$/.exec(text)
      if (command)
        return [
          starting(
            commands.map(({ name }) => `.${name}`),
            `.${command[1]}`,
          ),
          `.${command[1]}`,
        ]
      const argument = /^\s*\.([a-z]+)\s+(\S*)$/.exec(text)
      if (argument) return await this.#argument(argument[1] as string, argument[2] as string)
      return await this.#code(text)
    } catch {
      return [[], '']
    }
  }

  async #argument(name: string, typed: string): Promise<[string[], string]> {
    const takes = findCommand(name)?.takes
    if (takes === undefined || takes === 'file') return [[], typed]
    if (takes === 'lesson') {
      const numbers = this.#shell.session.world.course.lessons.map(({ number }) => String(number))
      return [starting(numbers, typed), typed]
    }
    if (takes !== 'somebody') return [starting(takes, typed), typed]
    const members = await this.#shell.session.members()
    const labels = members.all.flatMap(({ id, name: called }) => {
      const label = members.label(id)
      return called && label !== called.toLowerCase() ? [label] : [label, ...(typed ? [members.shortId(id)] : [])]
    })
    return [starting([...new Set(labels)], typed.toLowerCase()), typed]
  }

  async #code(text: string): Promise<[string[], string]> {
    if (/['"`][^'"`\s]+$/.test(text)) {
      const members = await this.#shell.session.members()
      const [ids, start] = idsFor(text, members)
      if (ids.length > 0) return [ids, start]
    }
    const fragment = fragmentAtEnd.exec(text)?.[0] ?? ''
    const isMember = /\.\s*$/.test(text.slice(0, text.length - fragment.length))
    const { evaluator } = this.#shell.session
    if (!isMember && fragment === '') return [[], '']
    const found = (await evaluator.complete(text)).map(({ name }) => name)
    const names = isMember ? found : [...evaluator.names, ...found]
    return [starting([...new Set(names)], fragment), fragment]
  }
}

const starting = (names: readonly string[], start: string): string[] =>
  names.filter((name) => name.startsWith(start)).sort()
