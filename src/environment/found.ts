/** Variables of the environment that are set. */

/** The name by which a variable was found, and what it holds. */
export interface Found {
  readonly name: string
  readonly value: string
}

/** What goes wrong with a variable names it. */
export function told<T>({ name }: Found, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new TypeError(`${name}: ${(cause as Error).message}`, { cause })
  }
}

/** @param what it should be set to: 'a number of events, such as 100000' */
export function wholeFrom(found: Found | undefined, what: string, least = 0): number | undefined {
  if (!found) return undefined
  if (/^\d{1,15}$/.test(found.value) && Number(found.value) >= least) return Number(found.value)
  throw new TypeError(`${found.name} is '${found.value}': set it to ${what}`)
}
