/** A case of the contract: its name is a sentence about recorders. */
import type { Recorder } from '../../port/recorder'
import type { Check } from '../check'

export type Cases = Readonly<Record<string, (t: Check, recorder: Recorder) => Promise<void>>>

export const cases = (table: Cases): Cases => table
