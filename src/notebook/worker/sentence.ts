/** Says in one sentence what an event did to an aggregate, for those who hear the page: `Fido now knows 3 tricks`. */
import { inspect } from 'node:util'
import type { Aggregate } from 'dog-school'
import type { Change } from '../../repl/session/changes'

/** Where it is not `has`. */
const verbs: Readonly<Record<string, string>> = { tricks: 'knows' }
/** The greatest number of changes that are said one by one. */
const most = 2
/** The longest value that is said. */
const longest = 60

/** @param who as the prompt calls it, where the state has no name */
export function sentence(
  who: string,
  before: Aggregate | undefined,
  after: Aggregate,
  changes: readonly Change[],
): string {
  const { name } = after as { name?: unknown }
  const subject = typeof name === 'string' && name !== '' ? name : who
  if (!before) return `${subject} is here`
  if (changes.length === 0) return `it changed nothing in the state of ${subject}`
  if (changes.length > most)
    return `${changes.length} fields of ${subject} changed: ${changes.map(({ field }) => field).join(', ')}`
  return changes.map((change) => phrase(subject, change)).join('; ')
}

function phrase(subject: string, { field, before, after }: Change): string {
  const [old, now] = [countOf(before), countOf(after)]
  if (now !== undefined && now !== old)
    return `${subject} now ${verbs[field] ?? 'has'} ${now === 0 ? 'no' : now.toLocaleString('en')} ${
      now === 1 ? field.replace(/s$/, '') : field
    }`
  if (after === undefined) return `${subject} has no ${field} any more`
  const text = inspect(after, { breakLength: Infinity })
  const isSaid = (typeof after !== 'object' || after === null) && text.length <= longest
  return isSaid ? `${subject}: ${field} is now ${text}` : `${subject}: ${field} changed`
}

/** How many items there are in a list, a Set or a Map. */
function countOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length
  return value instanceof Set || value instanceof Map ? value.size : undefined
}
