/** What a campaign is fought on: a file of SQLite, or servers of PostgreSQL. */
import type { Recorder } from 'dog-school'
import type { Worker } from './crew'
import type { Random } from './random'
import type { Job } from './work'

/** What goes wrong; resolves when it is mended. */
export type Fault = (random: Random) => Promise<void>

export interface Ground {
  /** Who works there. */
  readonly jobs: readonly Omit<Job, 'folder' | 'seed' | 'times'>[]
  /** By name. They are given the processes when those have started. */
  faults(crew: readonly Worker[]): Readonly<Record<string, Fault>>
  /** A look from outside, where nothing stands between. */
  look(): Look
  end(): Promise<void>
}

export interface Look {
  readonly school: Recorder
  readonly office: Recorder
}
