/** What an editor asks about the types of its code. Places are counted in characters from its start. */

/** A place in a code, both from 1. */
export interface Spot {
  readonly line: number
  readonly column: number
}

export interface TypeProblem {
  readonly from: number
  readonly to: number
  readonly message: string
  readonly code: number
}

export interface Completion {
  readonly label: string
  readonly kind: string
  readonly detail?: string
}

export interface Hover {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly documentation?: string
}

export interface EditorTypes {
  errors(code: string): Promise<readonly TypeProblem[]>
  completions(
    code: string,
    offset: number,
  ): Promise<{ readonly from: number; readonly options: readonly Completion[] } | undefined>
  hover(code: string, offset: number): Promise<Hover | undefined>
}
