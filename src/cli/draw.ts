/** Draws a report on stdout, as the prompt would. */
import type { Line } from '../course/report'
import { lookOf } from '../repl/render/look'
import { render } from '../repl/render/render'
import { silent, type Waiting, waitingOn } from '../repl/render/waiting'

/** Says what is being waited for, where there is a terminal. */
export const waiting: Waiting = process.stdout.isTTY
  ? waitingOn(process.stdout, () => lookOf(process.stdout, process.env))
  : silent

/** With colour and to its width, where there is a terminal; line for line as it is, where there is none. */
export function drawn(lines: readonly Line[]): string {
  const { stdout, env } = process
  const look = lookOf(stdout, env)
  return render(
    { kind: 'report', lines, passed: true },
    stdout.isTTY ? look : { ...look, width: Number.POSITIVE_INFINITY },
  )
}

/** A sentence, in the same way. */
export const sentence = (text: string): string => drawn([{ tone: 'plain', text }])
