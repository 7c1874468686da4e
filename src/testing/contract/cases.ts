/** A case of the contract: its name is a sentence about recorders. */
import type { Recorder } from '../../port/recorder'
import type { Check } from '../check'

/** @param reopen closes the recorder, and opens what it has kept @param another opens another recorder on its store */
type Case = (
  t: Check,
  recorder: Recorder,
  reopen: () => Promise<Recorder>,
  another: () => Promise<Recorder>,
) => Promise<void>

export type Cases = Readonly<Record<string, Case>>

export const cases = (table: Cases): Cases => table
