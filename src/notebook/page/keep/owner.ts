/** One tab at a time works in a lesson. The browser lets go of a tab that is closed, however it ends. */

/** In milliseconds. A page that is loaded again finds its lesson still held for a moment. */
const MOMENT = 500

/**
 * Takes a lesson for this tab, now or as soon as the tab that has it lets it go.
 *
 * @returns whether it has it now, and a function that lets it go
 */
export function owning(
  lesson: number,
  taken: () => void,
): { readonly now: Promise<boolean>; readonly leave: () => void } {
  // Where there are no locks there are no stores either: an address that is not secure.
  if (!navigator.locks) return { now: Promise.resolve(true), leave: () => undefined }
  const waiting = new AbortController()
  let leave = () => waiting.abort()
  const now = new Promise<boolean>((resolve) => {
    const late = setTimeout(() => resolve(false), MOMENT)
    const granted = () =>
      new Promise<void>((end) => {
        leave = end
        clearTimeout(late)
        resolve(true)
        taken()
      })
    navigator.locks.request(`dog-school-notebook ${lesson}`, { signal: waiting.signal }, granted).catch(() => undefined)
  })
  return { now, leave: () => leave() }
}
