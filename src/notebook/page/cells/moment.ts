/** What has happened at a position of the log, and what has not yet: plain data. */

/** What one run appended, by position. */
export interface Appended {
  readonly piece: number
  readonly positions: readonly number[]
}

/** A cell at an earlier position: it has not run yet, or it has appended some of its events. */
export interface Moment {
  readonly happened: number
  readonly events: number
}

/**
 * The cells that are not over at this position, by their pieces. The runs before the one that appended the next event are:
 * also those that appended nothing.
 *
 * @param runs in the order in which they ran
 */
export function notOverAt(runs: readonly Appended[], position: number): ReadonlyMap<number, Moment> {
  const next = runs.findIndex(({ positions }) => positions.some((each) => each > position))
  const later = next < 0 ? [] : runs.slice(next)
  return new Map(
    later.map(({ piece, positions }) => [
      piece,
      { happened: positions.filter((each) => each <= position).length, events: positions.length },
    ]),
  )
}

/** Says of such a cell how far it is. */
export const inWords = ({ happened, events }: Moment): string =>
  happened === 0
    ? 'not run yet at this position'
    : `${happened} of its ${events} events ${happened === 1 ? 'has' : 'have'} happened here`
