/**
 * The replies of a session, as data. Only `render.ts` decides how they look.
 */
import { inspect } from 'node:util'
import type { Line } from '../../course/report'
import type { Mistake } from '../cells/cell'

/** An event that has just been recorded, for one line of output. */
export interface News {
  readonly id: number
  readonly name: string
  /** The aggregate, by its short name. */
  readonly who: string
  readonly version: number
  /** Somebody else than `school` recorded it. */
  readonly isForeign?: true
}

/** An event and its payload. */
export interface Happening extends News {
  readonly payload: object
}

export type Reply =
  /** `isUndefined`: an expression has this value, which the prompt does not show. */
  | { readonly kind: 'nothing'; readonly isUndefined?: true }
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
  /** A list of names with descriptions. */
  | { readonly kind: 'entries'; readonly title: string; readonly entries: readonly { name: string; says: string }[] }
  /** Rows with the same columns; `empty` is said where there are none. */
  | { readonly kind: 'table'; readonly rows: readonly Row[]; readonly empty: string }
  /** Lines of code: TypeScript, SQL, a difference. */
  | { readonly kind: 'code'; readonly text: string; readonly language: 'ts' | 'diff' | 'text' }
  | { readonly kind: 'news'; readonly events: readonly News[] }
  | { readonly kind: 'timeline'; readonly events: readonly Happening[]; readonly form: 'drawn' | 'ascii' | 'words' }
  /** What went wrong, and what to do next. */
  | { readonly kind: 'problem'; readonly says: string; readonly next?: string }
  /** TypeScript's errors in a cell. */
  | {
      readonly kind: 'mistakes'
      readonly text: string
      readonly mistakes: readonly Mistake[]
      /** What to do instead, if that is known better than by what TypeScript says. */
      readonly advice?: string
    }
  | { readonly kind: 'all'; readonly replies: readonly Reply[] }

export type Row = Readonly<Record<string, unknown>>

export const nothing: Reply = { kind: 'nothing' }
export const text = (sentences: string): Reply => ({ kind: 'text', text: sentences })
export const table = (rows: readonly Row[], empty: string): Reply => ({ kind: 'table', rows, empty })
export const problem = (says: string, next?: string): Reply => ({ kind: 'problem', says, ...(next && { next }) })
/** `1 line`, `2 lines` */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
export const all = (...replies: readonly Reply[]): Reply => ({ kind: 'all', replies })

/** Whether the user, asked to type yes, did so. */
export const isYes = (reply: string): boolean => /^y(es)?$/i.test(reply)

/** Whether something failed. A piped session then ends with exit status 1. */
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
