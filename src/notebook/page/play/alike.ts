/** Whether a run did the same when it was played again. */
import type { Outcome } from '../../run'

/** Breaks between words count as blanks: what was kept when sentences still had a width has other ones. */
const words = ({ shown, events }: Outcome): string => JSON.stringify([shown, events]).replace(/(\\n| )+/g, ' ')

export const alike = (one: Outcome, other: Outcome): boolean => words(one) === words(other)
