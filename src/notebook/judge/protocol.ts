/** The calls between the page and a worker that judges, or that teaches until it is ended. Everything can be cloned. */
import type { Place, Verdict } from '../../course/verdict'

/** Files by their paths, with their bytes. */
export type Disk = readonly (readonly [path: string, bytes: Uint8Array])[]
export type Named = readonly (readonly [name: string, text: string])[]

/** What becomes of one file when it is compiled: see transpiled.ts. */
export type Transpiled =
  | { readonly code: string; readonly map: string }
  /** It is no TypeScript. Lines and columns count from 1. */
  | { readonly problem: Omit<Place, 'file'> & { readonly message: string } }

/** A file of an answer; what is no TypeScript is as it was. */
export interface AnswerFile {
  readonly name: string
  readonly text: string
  readonly transpiled?: Transpiled
}
export type Answer = readonly AnswerFile[]

/** What somebody could tell who taught Fido and then was ended, and what was on the disk by then. */
export interface Plugged {
  readonly id?: string
  readonly problem?: string
  readonly disk: Disk
  /** Where databases are, in the browser's private file system. */
  readonly kept?: string
}

/** What is known when an answer was judged. */
export interface Judged {
  readonly verdict: Verdict
  /** Nothing is under way any more: the next answer can be judged by the same worker. */
  readonly isIdle: boolean
}

/** Implemented by the worker. */
export interface Judge {
  judge(lesson: number, answer: Answer): Promise<Judged>
  /** Loads what it needs for a lesson. */
  prepare(lesson: number): Promise<void>
  /** Opens the learner's school on this file, teaches Fido, and says so; whoever hears it ends the worker. */
  teach(files: Named, file: string): Promise<Plugged>
}

/** Implemented by the page. None of these is answered, but `plug`. */
export interface Bench {
  /**
   * Ten times a second: who is heard no more is in an endless loop.
   *
   * @param begun the learner's code runs, and not only what is ours
   * @param rang how many timers and immediates have run since the pulse before
   */
  pulse(begun: boolean, rang: number): void
  printed(text: string): void
  /** The learner's code called process.exit(). */
  exited(code: number): void
  plug(files: Named, file: string): Promise<Plugged>
}
