/** How Ctrl-C reaches a cell that does not end. */
import { constants, openSync, readSync } from 'node:fs'
import { type Guard, noGuard } from '../cells/runner'

/**
 * In raw mode Ctrl-C is a key like others: before a cell runs, raw mode is left, so that it becomes a signal, which
 * stops what runs without pause. A loop behind an `await` runs in raw mode: it looks at the keyboard itself.
 */
export function keyboardGuard(input: NodeJS.ReadStream): Guard {
  if (!input.isTTY) return noGuard
  let keyboard: number | undefined
  const key = Buffer.alloc(64)
  return {
    breakable: true,
    around(run) {
      const wasRaw = input.isRaw
      if (wasRaw) input.setRawMode(false)
      try {
        return run()
      } finally {
        if (wasRaw) input.setRawMode(true)
      }
    },
    stopAsked() {
      try {
        keyboard ??= openSync('/dev/tty', constants.O_RDONLY | constants.O_NONBLOCK)
        return key.subarray(0, readSync(keyboard, key)).includes(3)
      } catch {
        return false // No key was pressed, or there is no such device here.
      }
    },
  }
}
