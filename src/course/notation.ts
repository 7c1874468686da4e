/** What keeps TypeScript from reading a line, where the line shows it: a quote, an arrow, a habit of another language. */
import tokens from 'js-tokens'
import { signsOf } from './signs'

interface Line {
  readonly code?: string
  /** How many characters of it stand before the place where the compiler gave up. */
  readonly mark?: number
}

/** The hint for it. What is left is a bracket, a comma or a word that is missing or one too many. */
export function slipOfPen(line: Line | undefined): 'open-quote' | 'arrow' | 'notation' | undefined {
  if (isQuoteLoose(line)) return 'open-quote'
  if (isArrowBare(line)) return 'arrow'
  return isForeign(line) ? 'notation' : undefined
}

const types = new Set('string str int integer long float double number boolean bool char list object void'.split(' '))

/** A text without its first quotation mark, without its last, between curly ones, or without any. */
function isQuoteLoose({ code = '' }: Line = {}): boolean {
  const signs = [...tokens(code)]
  const isLoose = signs.some(
    (sign) =>
      (sign.type === 'StringLiteral' && !sign.closed) ||
      (sign.type === 'Invalid' && /[\u2018-\u201d]/.test(sign.value)),
  )
  if (isLoose) return true
  // `(roll over)`, where nothing is declared
  const [, first = '', second = ''] = /[([,]\s*([a-z]+)\s+([a-z]+)(?:\s+[a-z]+)*\s*[,)\]]/.exec(code) ?? []
  return first !== '' && !/[{>]\s*$/.test(code) && ![first, second].some((word) => words.has(word) || types.has(word))
}

/** An arrow function without the parentheses around its parameters, or around the object that it returns. */
function isArrowBare({ code = '' }: Line = {}): boolean {
  return /[\]}]\s*=>|\(\s*\w+\s*:\s*\w+\s*=>|=>\s*\{\s*\w+\s*:[^{}]*,\s*\w+\s*:/.test(code)
}

const words = new Set(
  'abstract async await case class const constructor declare default delete else export extends function get if implements import in instanceof interface let new of private protected public readonly return set static super throw type typeof var void while yield as from is keyof satisfies do for try catch finally switch enum'.split(
    ' ',
  ),
)

/** Whether at this place, or around it, something is written as in Java or C; habits of Python are asked for before. */
function isForeign({ code = '', mark = 0 }: Line = {}): boolean {
  // `{ dog.name }`: a property without a name of its own.
  if (/[{,]\s*[\w$]+$/.test(code.slice(0, mark)) && code[mark] === '.') return true
  // Between two names in braces, as in an import, it is a comma that is missing.
  if (/\{[^}]*$/.test(code.slice(0, mark))) return false
  const signs = signsOf(code)
  return signs.some(({ type, value }, at) => {
    const next = signs[at + 1]
    // `(name) -> string`, `String name`
    if (value === '-' && next?.value === '>') return true
    return (
      [type, next?.type].every((each) => each === 'IdentifierName') &&
      !words.has(value) &&
      !words.has(next?.value ?? '')
    )
  })
}
