/** What times, sizes and numbers may be, in the options of handlers, servers and clients. */

/** A timer of more than 24 days would end at once. */
const most = 10 ** 9

/** @throws TypeError for what means nothing */
export function mustBeLimits(what: string, limits: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(limits))
    if (!Number.isSafeInteger(value) || value < 1 || value > most)
      throw new TypeError(`${name} of ${what}() is a whole number from 1 to ${most}, not ${value}`)
}
