/** What an editor is given, and what it asks about the types of its code. Places are counted in characters from its start. */

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

export interface EditorProperties {
  /** What it is called by a screen reader, such as `dog.ts`. */
  readonly label: string
  /** What it holds. Another code takes the place of what was typed, as a step that can be undone. */
  readonly code: string
  /** Hears of each change that somebody typed. */
  readonly onChange?: (code: string) => void
  readonly onSubmit?: () => void
  /** What submitting does, such as `checks it`. */
  readonly submits?: string
  /** Where it is another object, what it has to say of the code may have changed. */
  readonly types?: EditorTypes | undefined
  readonly readOnly?: boolean
  /** It has the focus when it is there. */
  readonly hasFocus?: boolean
  /** A mistake that is marked until its line is changed. */
  readonly mistake?: Spot | undefined
  /** Where the cursor is to go: each new object is gone to once. */
  readonly goTo?: Spot | undefined
}
