/** What is asked of a log, read from an address: strictly, because a misspelt `topic` would ask for everything. */
import type { NotificationQuery } from '../port/recorder'
import { mustBeText } from '../refusals'

/** An answer that says what is wrong with the question. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

const bad = (message: string): Refusal => new Refusal(400, 'BAD_REQUEST', message)

export const parameters = {
  /** The query of `notifications/1,10?…` or `notifications?…`. @throws Refusal */
  section(given: URLSearchParams, id?: string): NotificationQuery {
    const numbers = numbersIn(given, id === undefined ? ['start', 'limit', 'stop'] : ['stop'], ['topic'])
    const topics = given.getAll('topic')
    for (const topic of topics) mustBeTopic(topic)
    return { ...numbers, ...(id !== undefined && rangeOf(id)), ...(topics.length > 0 && { topics }) }
  },

  /** After which position to answer, and how long to wait for one, in milliseconds. @throws Refusal */
  position(given: URLSearchParams): { after: number | undefined; wait: number } {
    const { after, wait = 0 } = numbersIn(given, ['after', 'wait'])
    return { after, wait }
  },
}

/** What no store would look for. */
function mustBeTopic(topic: string): void {
  try {
    mustBeText('The topic', topic)
  } catch (error) {
    throw bad((error as Error).message)
  }
}

function rangeOf(id: string): { start: number; limit: number } {
  const [first = 0, last = 0] = /^\d{1,15},\d{1,15}$/.test(id) ? id.split(',').map(Number) : []
  if (first < 1 || last < first) throw bad('A section is its first and last position: notifications/1,10')
  return { start: first, limit: last - first + 1 }
}

function numbersIn<N extends string>(
  given: URLSearchParams,
  names: readonly N[],
  others: readonly string[] = [],
): { [_ in N]?: number } {
  const numbers: { [name: string]: number } = {}
  for (const [name, value] of given) {
    if (others.includes(name)) continue
    if (!names.includes(name as N)) throw bad(`The parameters are ${[...names, ...others].join(', ')}`)
    if (name in numbers || !/^\d{1,15}$/.test(value)) throw bad(`${name} is one whole number of at most 15 digits`)
    numbers[name] = Number(value)
  }
  return numbers as { [_ in N]?: number }
}
