/** How Ctrl-C reaches a cell that does not end. */
import { constants, openSync, readSync } from 'node:fs'
import { withoutFarewell } from './process-guard'
import { type Guard, noGuard } from './runner'
import { writeAtOnce } from './writes'

/**
 * In raw mode Ctrl-C is a key like others: before a cell runs, raw mode is left, so that it becomes a signal, which
 * stops what runs without pause. A loop behind an `await` runs in raw mode: it looks at the keyboard itself.
 */
export function keyboardGuard(input: NodeJS.ReadStream): Guard {
  if (!input.isTTY) return noGuard
  const keyboard = openKeyboard()
  const key = Buffer.alloc(64)
  const finishers = [process.stdout, process.stderr].map(writeAtOnce)
  return {
    breakable: true,
    around(run) {
      const wasRaw = input.isRaw
      if (wasRaw) input.setRawMode(false)
      try {
        return withoutFarewell(run)
      } finally {
        for (const finish of finishers) finish()
        if (wasRaw) input.setRawMode(true)
      }
    },
    stopAsked() {
      if (keyboard === undefined) return false
      try {
        // No signs at all are read from a terminal that is gone.
        const count = readSync(keyboard, key)
        return count === 0 || key.subarray(0, count).includes(3)
      } catch (error) {
        return (error as NodeJS.ErrnoException).code !== 'EAGAIN' // No key was pressed.
      }
    },
  }
}

/** Opened at once, because a terminal that is gone cannot be opened. */
function openKeyboard(): number | undefined {
  try {
    return openSync('/dev/tty', constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return undefined // There is no such device here.
  }
}
