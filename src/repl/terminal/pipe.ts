/** A session whose lines come from a pipe: each is printed, run and answered before the next. */

import type { Look } from '../render/look'
import { render } from '../render/render'
import { failed } from '../session/reply'
import type { Shell } from '../start/shell'

/** @returns the exit status: 0, or 1 if a line failed */
export async function followPipe(
  lines: AsyncIterable<string>,
  shell: Shell,
  look: Look,
  write: (text: string) => void,
): Promise<number> {
  let pending = ''
  let status = 0
  const run = async (text: string) => {
    const reply = await shell.take(text)
    if (failed(reply)) status = 1
    const shown = render(reply, look)
    if (shown !== '') write(`${shown}\n`)
    if (shell.session.questions.newest !== undefined && !shell.session.isOver)
      write(`${shell.session.questions.newest}\n`)
  }
  for await (const line of lines) {
    write(`${pending === '' ? shell.session.prompt : '| '}${line}\n`)
    pending += pending === '' ? line : `\n${line}`
    if (shell.isIncomplete(pending)) continue
    await run(pending)
    pending = ''
    if (shell.session.isOver) return status
  }
  if (pending !== '') await run(pending)
  return status
}
