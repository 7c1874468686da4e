/** In milliseconds. */
const PAUSE = 300

/**
 * Where a tab has just been killed, what was under way with it may fail once more. Undefined if that does not end.
 *
 * @param pause resolves when it may be tried again
 */
export async function persistently<T>(
  read: () => Promise<T>,
  attempts = 5,
  pause = () => new Promise<void>((again) => void setTimeout(again, PAUSE)),
): Promise<T | undefined> {
  for (let left = attempts; left > 0; left--)
    try {
      return await read()
    } catch {
      if (left > 1) await pause()
    }
  return undefined
}
