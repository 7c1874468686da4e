/** Describes what was thrown in a line or two: the error, its place in the input, and the next step. */
import { inspect } from 'node:util'
import { problem, type Reply } from './reply'

const cellFrame = /\.cell-\d+\.ts:(\d+):\d+/

/** @param next what to do about it; by default, how to see more */
export function explain(error: unknown, next = '.error shows where it came from.'): Reply {
  if (!isError(error)) return problem(`Thrown: ${inspect(error)}`)
  const name = error.constructor?.name && error.name === 'Error' ? error.constructor.name : error.name
  const place = cellFrame.exec(error.stack ?? '')
  const line = place && Number(place[1]) > 1 ? ` (line ${place[1]} of what you typed)` : ''
  return problem(`${name}: ${error.message}${line}`, next)
}

export function stackOf(error: unknown): string {
  if (!isError(error)) return inspect(error)
  const stack = error.stack ?? `${error.name}: ${error.message}`
  return error.cause === undefined ? stack : `${stack}\ncaused by ${stackOf(error.cause)}`
}

/** Errors of other realms count too. */
const isError = (value: unknown): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'

/** For uncaught errors, which come after their line has ended. */
export function late(error: unknown): Reply {
  const reply = explain(error)
  return reply.kind === 'problem' ? { ...reply, says: `Uncaught ${reply.says}` } : reply
}
