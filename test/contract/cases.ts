/** A case of the contract: its name is a sentence about recorders. */
import type { Recorder } from 'dog-school'
import type { Test } from 'tap'

export type Cases = Readonly<Record<string, (t: Test, recorder: Recorder) => Promise<void>>>

export const cases = (table: Cases): Cases => table
