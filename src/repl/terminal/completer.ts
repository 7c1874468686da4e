/** What TAB offers. It asks TypeScript and the log; it never runs what was typed. */
import { commands, findCommand, groups } from '../commands'
import { fieldsOf } from '../session/changes'
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
      const [, name, rest = ''] = /^\s*\.([a-z]+)\s+(.*)$/s.exec(text) ?? []
      if (name === undefined) return await this.#code(text)
      if (findCommand(name)?.takes === 'code') return await this.#code(rest)
      const [, who, field = ''] = /^(\S+)\s+(\S*)$/.exec(rest) ?? []
      if (who !== undefined) return findCommand(name)?.takesField ? await this.#field(who, field) : [[], field]
      return await this.#argument(name, rest)
    } catch {
      return [[], '']
    }
  }

  async #argument(name: string, typed: string): Promise<[string[], string]> {
    const takes = findCommand(name)?.takes
    if (takes === undefined || takes === 'file' || takes === 'code') return [[], typed]
    if (takes === 'lesson') {
      const numbers = this.#shell.session.world.course.lessons.map(({ number }) => String(number))
      return [starting(numbers, typed), typed]
    }
    if (takes === 'command')
      return [starting([...new Set([...commands, ...groups].map((each) => each.name))], typed), typed]
    if (takes !== 'somebody') return [starting(takes, typed), typed]
    const members = await this.#shell.session.members()
    const named = new Map<string, string>()
    for (const { id, name: called } of members.all) {
      const label = members.label(id)
      // An id says nothing: whose it is stands behind it, where several are shown and none is inserted.
      const isName = called?.toLowerCase() === label
      named.set(label, called && !isName ? `${label} (${called})` : label)
      if (isName && typed) named.set(members.shortId(id), members.shortId(id))
    }
    const found = starting([...named.keys()], typed.toLowerCase())
    return [found.length > 1 ? found.map((label) => named.get(label) as string) : found, typed]
  }

  async #field(who: string, typed: string): Promise<[string[], string]> {
    const { session } = this.#shell
    return [starting(Object.keys(fieldsOf(await session.load(await session.one(who)))), typed), typed]
  }

  async #code(text: string): Promise<[string[], string]> {
    if (/['"`][^'"`\s]*$/.test(text)) {
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
