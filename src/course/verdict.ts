/**
 * What a checkpoint says of an answer, as data: it travels from the process that ran the learner's code to whoever
 * shows it. Texts are not in it: checks, hints and dogs are named by ids, whose texts stand in the lesson's files.
 */
import { slipOfPen } from './notation'
import { slipOfPython } from './python'

/** A place in the learner's own code. */
export interface Place {
  /** Below the learner's folder. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** The line itself. */
  readonly code?: string
  /** How many characters of it stand before the place, if that is to be shown. */
  readonly mark?: number
}

/** The first thing that did not pass. */
export interface Slip {
  /** The check that did not pass. */
  readonly check: string
  /** The hint for this way of being wrong. */
  readonly hint: string
  /** The code that was run. */
  readonly did?: string
  readonly expected?: string
  readonly came?: string
  /** Lessons that judge tests: what the tests asserted about the dog that got away. */
  readonly asserted?: readonly string[]
  /** What was seen of the learner's code at work, in that order. */
  readonly steps?: readonly string[]
  /** Lessons that judge tests: the broken dog that got away. */
  readonly dog?: string
  readonly place?: Place
  /** It ended in an exception that nobody had thought of: what TypeScript says is worth more than the hint. */
  readonly unforeseen?: boolean
  /** What TypeScript objects to first, besides. */
  readonly complaint?: Trouble
}

/** Why the learner's code could not be judged at all. */
export type Obstacle = 'types' | 'syntax' | 'module' | 'file' | 'threw' | 'rejection' | 'exit'

export interface Trouble {
  readonly obstacle: Obstacle
  /** One short sentence, or the message of what was thrown. */
  readonly message: string
  readonly place?: Place
  /** Where the lesson has a hint for it. */
  readonly hint?: string
  /** What TypeScript objects to first, besides. */
  readonly complaint?: Trouble
}

interface Judged {
  /** The checks that passed, in order. */
  readonly passed: readonly string[]
}

export type Verdict = Judged &
  (
    | { readonly outcome: 'passed' }
    | { readonly outcome: 'not yet'; readonly slip: Slip }
    | { readonly outcome: 'unloadable'; readonly trouble: Trouble }
    /**
     * It used so many seconds of the processor (`limit`), or did nothing for so many on the clock (`waited`: perhaps the
     * machine is busy); else it waits for something that never comes.
     */
    | { readonly outcome: 'endless'; readonly limit?: number; readonly waited?: number }
    /** A failure of ours. */
    | { readonly outcome: 'broken'; readonly message: string }
  )

export const exitCodes = {
  passed: 0,
  'not yet': 1,
  unloadable: 2,
  broken: 3,
  endless: 4,
} as const satisfies Record<Verdict['outcome'], number>

/** Whether the machine may have been slow, and not the answer. */
export const isUnsure = (verdict: Verdict): boolean => verdict.outcome === 'endless' && verdict.waited !== undefined

/** The hint that a verdict leads to, if it leads to one. */
export function hintOf(verdict: Verdict): string | undefined {
  if (verdict.outcome === 'not yet') return verdict.slip.hint
  if (verdict.outcome === 'endless') return verdict.limit === undefined ? 'waits' : 'endless'
  if (verdict.outcome !== 'unloadable') return undefined
  return verdict.trouble.hint ?? common[verdict.trouble.obstacle]
}

/** The hints for troubles that a lesson has not thought of. */
const common: Partial<Record<Obstacle, string>> = { exit: 'exit', threw: 'threw', rejection: 'threw' }

/**
 * One answer out of two: what the code did, and what TypeScript says of it (in the order of the files).
 *
 * @param has whether the lesson has a hint of this id
 */
export function joined(verdict: Verdict, complaints: readonly Trouble[], has: (hint: string) => boolean): Verdict {
  const first = complaints.find(isCauseOf(verdict)) ?? complaints.find((each) => !isOfDecorator(each)) ?? complaints[0]
  if (!first) return verdict
  const { passed } = verdict
  // A habit of another language explains whatever came of it.
  const foreign = complaints
    .map((each) => ({ ...each, hint: slipOfPython(each) ?? '' }))
    .find(({ hint }) => hint !== '' && has(hint))
  if (foreign && verdict.outcome !== 'broken') return { outcome: 'unloadable', passed, trouble: foreign }
  const trouble = verdict.outcome === 'unloadable' ? verdict.trouble : undefined
  // The loader of a syntax error or a missing module knows less about the place than the compiler does.
  const vague =
    trouble &&
    (/^(syntax|module)$/.test(trouble.obstacle) ||
      trouble.message.startsWith('SyntaxError') ||
      (trouble.obstacle === 'threw' && !trouble.place) ||
      complaints.some(isGrammar))
  const guess = verdict.outcome === 'endless' || (verdict.outcome === 'not yet' && verdict.slip.unforeseen)
  if (verdict.outcome === 'not yet' && !guess) return { ...verdict, slip: { ...verdict.slip, complaint: first } }
  if (verdict.outcome === 'unloadable' && !vague)
    return { ...verdict, trouble: { ...verdict.trouble, complaint: first } }
  if (verdict.outcome !== 'passed' && !vague && !guess) return verdict
  const said = (vague && complaints.find(isGrammar)) || first
  // The place is TypeScript's; what to think about is best known to the lesson, if it has thought of this.
  const { hint: number = '', ...rest } = said
  const code = number === 'ts2555' ? 'ts2554' : number
  // Those of the first thousand are of the grammar, if the loader could not read the file either; 1248 it lets pass.
  const isSyntax = code === 'ts1248' || (vague && isGrammar(said))
  const own = verdict.outcome === 'endless' ? '' : (hintOf(verdict) ?? '')
  const isOwn = own !== 'threw'
  // What the lesson saw says more than a complaint that nobody has explained.
  if (verdict.outcome === 'not yet' && isOwn && ![sentence(said), code, other(code)].some(has))
    return { ...verdict, slip: { ...verdict.slip, complaint: first } }
  const known = [
    vague && isOwn ? own : '',
    sentence(said),
    code,
    isOwn ? own : '',
    other(code),
    isSyntax ? (slipOfPen(said.place) ?? '') : '',
    isSyntax ? 'syntax' : '',
  ]
  const hint = [...known, 'types'].find(has)
  return { outcome: 'unloadable', passed, trouble: hint === undefined ? rest : { ...rest, hint } }
}

/** That a name is not there, where the code ended because of it: what does not fit in other files may come of it. */
function isCauseOf(verdict: Verdict): (complaint: Trouble) => boolean {
  const message = verdict.outcome === 'unloadable' ? verdict.trouble.message : ''
  const [, name] = /^ReferenceError: (\S+) is not defined/.exec(message) ?? []
  return (complaint) => name !== undefined && complaint.message.startsWith(`Cannot find name '${name}'`)
}

/** That a decorator does not fit its class follows from what is wrong with the class. */
const isOfDecorator = ({ hint = '' }: Trouble): boolean => /^ts(123[89]|124[01]|127[01])$/.test(hint)

/** 1xxx: a file that TypeScript cannot read is for the grammar to explain, whatever the loader made of it. */
const isGrammar = (complaint: Trouble): boolean =>
  /^ts1\d{3}$/.test(complaint.hint ?? '') && complaint.hint !== 'ts1248' && !isOfDecorator(complaint)

/** What a sentence says more exactly than its number: a promise is used as if it were what is promised; a list has no type. */
function sentence({ message }: Trouble): string {
  if (/^(Property .* on type|Argument of type|Type) 'Promise</.test(message) && !/type '\(/.test(message))
    return 'await-missing'
  return /to parameter of type 'never'/.test(message) ? 'empty-type' : ''
}

/** The hint for a number that says the same as others. */
const other = (code: string): string =>
  Object.keys(alike).find((hint) => alike[hint]?.includes(Number(code.slice(2)))) ?? ''

const alike: Readonly<Record<string, readonly number[]>> = {
  /** A name that stands for nothing; with a similar one, with `this.`, or with the class in front. */
  'unknown-name': [2304, 2552, 2662, 2663],
  ts2339: [2551, 2576],
  /** A text or a template without an end. */
  'open-quote': [1002, 1160],
  /** An import of a file that is not there, or of a name that the file does not export. */
  ts2307: [1192, 2305, 2459, 2613, 2614, 2724, 2792],
}
