/** Ids at the prompt: `idOf('fido')` returns one, and an error suggests it when a name or a part of an id was typed. */
import type { AggregateNotFoundError } from 'dog-school'
import type { Members } from './members'

/** Its declaration for the type checker. */
export const idOfStatement =
  '/** The id of somebody in the store, by a name or by the beginning of the id. */ declare function idOf(who: string): string'

/**
 * What to type instead of a line that used something else as an id; undefined if nothing in it looks like one.
 *
 * @param typed one line or several, of which the one to be typed is told
 * @param error names what was taken for an id
 */
export function withIds(typed: string, { message }: AggregateNotFoundError, members: Members): string | undefined {
  // Further up the same text may be a name that somebody gets.
  for (const line of typed.split('\n').reverse())
    for (const { 0: literal, 2: said = '', index } of line.matchAll(/(?<!\bidOf\(\s*)(['"`])([^'"`\n]+)\1/g)) {
      const found = members.find(said)
      const [only] = found
      if (!only || only.id === said || !message.includes(` has the id ${said}:`)) continue
      const what = only.id.startsWith(said.toLowerCase()) ? 'only the beginning of an id' : 'a name, not an id'
      const who = found.length === 1 ? literal : `'${members.shortId(only.id)}'`
      const fixed = `${line.slice(0, index)}idOf(${who})${line.slice(index + literal.length)}`
      return found.length === 1
        ? `${literal} is ${what}. Type: ${fixed}`
        : `${literal} could be any of ${found.length}. Type one of their ids, for example: ${fixed}`
    }
  return undefined
}

/** Completes a string: ids that start with it and, inside `idOf('`, names. */
export function idsFor(text: string, members: Members): [found: string[], typed: string] {
  const [, who] = /\bidOf\(\s*['"`]([^'"`\s]*)$/.exec(text) ?? []
  const [, start = who] = /['"`]([0-9a-f]+)$/.exec(text) ?? []
  const known = members.all.map(({ id }) => (who === undefined ? id : members.label(id)))
  const found = start === undefined ? [] : known.filter((each) => each.startsWith(start.toLowerCase()))
  return [found.sort(), start ?? '']
}
