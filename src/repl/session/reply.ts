/**
 * What the session replies: data. How it looks, on which terminal, is for `render.ts` alone.
 */
import { inspect } from 'node:util'
import type { Line } from '../../course/report'
import type { Mistake } from '../cells/cell'

/** An event that has just been recorded, as one line tells of it. */
export interface News {
  readonly id: number
  readonly name: string
  /** Whom it happened to, in short. */
  readonly who: string
  readonly version: number
}

/** An event with what it says. */
export interface Happening extends News {
  readonly payload: object
}

export type Reply =
  | { readonly kind: 'nothing' }
  /** The value of an expression. */
  | { readonly kind: 'value'; readonly value: unknown; readonly isPointedAt?: boolean }
  /** Sentences. */
  | { readonly kind: 'text'; readonly text: string }
  /** The text of a lesson, in markdown. */
  | { readonly kind: 'prose'; readonly markdown: string; readonly goesOn: boolean }
  /** Code that a lesson runs. */
  | { readonly kind: 'cell'; readonly code: string }
  /** What a checkpoint says. */
  | { readonly kind: 'report'; readonly lines: readonly Line[]; readonly passed: boolean }
  /** A list of things, and what is said of each. */
  | { readonly kind: 'entries'; readonly title: string; readonly entries: readonly { name: string; says: string }[] }
  /** Rows with the same columns (`narrow`, where those are too wide); `empty` is said when there are none. */
  | {
      readonly kind: 'table'
      readonly rows: readonly Row[]
      readonly narrow?: readonly Row[]
      readonly empty: string
    }
  /** Lines of code: TypeScript, SQL, a difference. */
  | { readonly kind: 'code'; readonly text: string; readonly language: 'ts' | 'diff' | 'text' }
  | { readonly kind: 'news'; readonly events: readonly News[] }
  | { readonly kind: 'timeline'; readonly events: readonly Happening[]; readonly form: 'drawn' | 'ascii' | 'words' }
  /** What went wrong with which thing, and what to do next. */
  | { readonly kind: 'problem'; readonly says: string; readonly next?: string }
  /** Places in the text of a cell that TypeScript refuses. */
  | { readonly kind: 'mistakes'; readonly text: string; readonly mistakes: readonly Mistake[] }
  | { readonly kind: 'all'; readonly replies: readonly Reply[] }

export type Row = Readonly<Record<string, unknown>>

export const nothing: Reply = { kind: 'nothing' }
export const text = (sentences: string): Reply => ({ kind: 'text', text: sentences })
export const table = (rows: readonly Row[], empty: string): Reply => ({ kind: 'table', rows, empty })
export const problem = (says: string, next?: string): Reply => ({ kind: 'problem', says, ...(next && { next }) })
export const all = (...replies: readonly Reply[]): Reply => ({ kind: 'all', replies })

/** What a person types who was asked to type yes. */
export const isYes = (reply: string): boolean => /^y(es)?$/i.test(reply)

/** Has something failed? A piped session then ends with exit status 1. */
export function failed(reply: Reply): boolean {
  if (reply.kind === 'all') return reply.replies.some(failed)
  if (reply.kind === 'report') return !reply.passed
  return reply.kind === 'problem' || reply.kind === 'mistakes'
}

/** The value in a reply as text, if there is one. */
export function valueIn(reply: Reply): string | undefined {
  if (reply.kind === 'all') return reply.replies.map(valueIn).find((each) => each !== undefined)
  return reply.kind === 'value' ? inspect(reply.value, { depth: 4, breakLength: 100 }) : undefined
}
