/** How Ctrl-C reaches a cell that does not end. */
import { constants, openSync, readSync } from 'node:fs'
import { withoutFarewell } from './process-guard'
import { type Guard, noGuard } from './runner'
import { writeAtOnce } from './writes'

/**
 * In raw mode, Ctrl-C is a key like any other. Raw mode is turned off before a cell runs, so that Ctrl-C is a signal and stops
 * synchronous code. A loop after an `await` runs in raw mode, so it checks the keyboard itself.
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
        // A terminal that is gone returns no characters.
        const count = readSync(keyboard, key)
        return count === 0 || key.subarray(0, count).includes(3)
      } catch (error) {
        return (error as NodeJS.ErrnoException).code !== 'EAGAIN' // No key was pressed.
      }
    },
  }
}

/** Opened in advance, because a terminal that is gone cannot be opened. */
function openKeyboard(): number | undefined {
  try {
    return openSync('/dev/tty', constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return undefined // There is no such device here.
  }
}
