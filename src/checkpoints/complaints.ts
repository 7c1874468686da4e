/** What a complaint of TypeScript says to a learner: the same in a terminal, where a process complains, and on the page. */
import type * as TS from 'typescript'
import { isOpen, looseBrace } from '../course/braces'
import { slipOfPython } from '../course/python'
import type { Trouble } from '../course/verdict'
import { callAt, indentAt, lineAt } from './lines'
import { unusedParameter } from './unused-parameter'

export interface Complaint {
  /** Both count from 1. */
  readonly place: { readonly line: number; readonly column: number }
  readonly code: string
  readonly message: string
}

/** The complaint keeps TypeScript from reading the file. */
export const isGrammar = ({ code }: Complaint): boolean => /^1...$/.test(code)

/**
 * @param file what it is called below the learner's folder
 * @param text what is in it
 * @param compiler is seldom needed, and takes a while to load
 */
export function troubleIn(file: string, text: string, complaint: Complaint, compiler: () => typeof TS): Trouble {
  const { place, message, hint } = cause(text, complaint, compiler)
  const isUnread = isGrammar(complaint)
  const mark = isUnread && { mark: place.column - 1 - indentAt(text, place.line) }
  return {
    obstacle: 'types',
    message,
    place: { file, ...place, code: (isUnread ? lineAt : callAt)(text, place.line), ...mark },
    hint: hint ?? `ts${complaint.code}`,
  }
}

/** Where a brace is missing, the compiler's complaint may come lines after it, and in riddles. */
function cause(
  text: string,
  complaint: Complaint,
  compiler: () => typeof TS,
): Omit<Complaint, 'code'> & { readonly hint?: string } {
  const { place, message: said } = complaint
  const brace = isGrammar(complaint) && looseBrace(text)
  const plain = asImported(said)
  if (brace) {
    const { sign, line, column } = brace
    const message = `This ${sign} ${isOpen(sign) ? 'is never closed' : 'closes nothing'}.`
    // Whatever number the missing brace has led to, it is not what the number is about.
    return { place: { line, column }, message, hint: 'ts1005' }
  }
  // A variable, which no class is: what the compiler takes for nearly the same may be a class of Node's.
  const [, name] = /^Cannot find name '([a-z]\w*)'/.exec(plain) ?? []
  const isForeign = slipOfPython({ message: plain, place: { code: lineAt(text, place.line) } })
  const unused = name && !isForeign && unusedParameter(text, place, compiler())
  if (!unused) return { place, message: plain }
  return { place, message: `Cannot find name '${name}'; '${unused}' is never used.`, hint: 'other-parameter' }
}

/** What TypeScript says, with modules named as the learner's imports name them. */
export function asImported(said: string): string {
  // In a line of code that is quoted itself, the quotes of the name stay.
  const named = (name: string) => (_: string, open: string, file: string, close: string) => {
    const its = name || `./${file}`
    return open.length < close.length ? `${open}${its}${close}` : `'${its}'`
  }
  return said
    .replace(LIBRARY, named('dog-school'))
    .replace(RECORDER, named('dog-school/sqlite'))
    .replace(FOREIGN, named(''))
}

const LIBRARY = /(['"]+)([^'"]*\/src\/index)(['"]+)/g
const RECORDER = /(['"]+)([^'"]*\/src\/recorders\/sqlite)(['"]+)/g
/** A file that is named with its whole path: where it is found is no business of the learner's. */
const FOREIGN = /(['"]+)(?:[A-Za-z]:)?\/[^'"]*?([\w.-]+)(['"]+)/g
