/**
 * What the browser keeps for the page, in its storage of small texts. Where there is none, as in some private windows, or
 * where it is full, nothing is thrown: whoever keeps something is told.
 */
const PREFIX = 'dog-school/'

/** What was kept under this name; undefined if it is nothing, or nothing that can be read. */
export function kept(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

/** Whether it is kept now. Undefined is no longer kept. */
export function keep(name: string, value: unknown): boolean {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name)
    else localStorage.setItem(PREFIX + name, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

/** Hears when another page of this browser has kept something under a name. */
export function whenKept(hear: (name: string) => void): void {
  addEventListener('storage', ({ key }) => {
    if (key?.startsWith(PREFIX)) hear(key.slice(PREFIX.length))
  })
}
