/** How Ctrl-C reaches a cell that does not end. */
import { constants, openSync, readSync } from 'node:fs'
import { type Guard, noGuard } from './engine'
import { withoutFarewell } from './process-guard'
import { writeAtOnce } from './writes'

const [ctrlC, ctrlD] = [3, 4]

/**
 * In raw mode, Ctrl-C is a key like any other. Raw mode is turned off before a cell runs, so that Ctrl-C is a signal and stops
 * synchronous code. A loop after an `await` runs in raw mode, so it checks the keyboard itself. No other key is lost: what is
 * typed meanwhile is passed on as if it had been typed behind the cell.
 */
export function keyboardGuard(input: NodeJS.ReadStream): Guard {
  if (!input.isTTY) return noGuard
  const keyboard = openKeyboard()
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
        if (wasRaw) {
          input.setRawMode(true)
          // Without raw mode, Ctrl-D is an end of file, which now reads as 0.
          input.push(pressed(keyboard)?.map((key) => (key === 0 ? ctrlD : key)) ?? '')
        }
      }
    },
    stopAsked() {
      // Without raw mode, Ctrl-C is a signal, and a Ctrl-D would read like a terminal that is gone.
      if (!input.isRaw) return false
      const keys = pressed(keyboard)
      if (keys === undefined || keys.includes(ctrlC)) return true
      input.push(keys)
      return false
    },
  }
}

/** The keys that have not been read yet; undefined if the terminal is gone. */
function pressed(keyboard: number | undefined): Buffer | undefined {
  if (keyboard === undefined) return Buffer.alloc(0)
  const keys = Buffer.alloc(1024)
  try {
    // A terminal that is gone returns no characters.
    const count = readSync(keyboard, keys)
    return count === 0 ? undefined : keys.subarray(0, count)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? Buffer.alloc(0) : undefined
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
