/**
 * Whether what a person predicted means what is shown.
 *
 * One rule: a prediction is right if it can be read as the value, however it is written. Quotes, commas and the outermost
 * brackets (those of a list with one plain thing in it, anywhere) may be left out. Capitals, spaces, the order of keys and the
 * name of a class do not count; a number or a truth value may be said in a word, as `two`, `twice` or `yes`. Another value is
 * wrong: `12` is not `[ 1, 2 ]`. What is no value at all, because a bracket or a quote is left open, is asked for again.
 */
import { distance } from 'fastest-levenshtein'

type One = { readonly kind: 'one'; readonly text: string; readonly isQuoted: boolean }
type Value =
  | One
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'object'; readonly entries: readonly Entry[] }
type Entry = readonly [key: Value, value: Value]

const numbers =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
const words = new Map<string, string>([
  ...numbers.split(' ').map((word, number) => [word, String(number)] as const),
  ...['once', 'twice'].map((word, number) => [word, String(number + 1)] as const),
  ...['yes', 'y', 't'].map((word) => [word, 'true'] as const),
  ...['no', 'n', 'f'].map((word) => [word, 'false'] as const),
  ['nothing', 'undefined'],
])
/** What is written before a bracket says only what it is: `Array(5) [`, `Dog {`, `[Object: null prototype] {`. */
const CLASS = '(?:(?:\\[\\w+: null prototype\\]|\\b[A-Za-z_$][\\w$]*(?:\\(\\d+\\))?)\\s*)?'
interface Brackets {
  readonly open: RegExp
  readonly close: RegExp
}
const LIST: Brackets = { open: new RegExp(`${CLASS}[[{]\\s*`, 'y'), close: /\s*,?\s*[\]}]/y }
const OBJECT: Brackets = { open: new RegExp(`${CLASS}\\{\\s*`, 'y'), close: /\s*,?\s*\}/y }
const EMPTY_LIST = new RegExp(`${CLASS}\\[\\s*\\]|(?:an\\s+)?empty(?:\\s*(?:list|array))?|nothing|none`, 'iy')

/** @param shown as `util.inspect` shows it */
export function predicts(answer: string, shown: string): boolean {
  const text = plain(answer)
  const is = read(shown)
  if (text === '') return false
  if (text === shown.trim()) return true
  return is !== undefined && [...endings(text, is, 0, true)].includes(text.length)
}

/**
 * Why nobody can tell what was predicted: a bracket or a quote is left open, or a word is nearly that of a value, and is no
 * text in quotes. Whoever predicted it is asked again. Undefined for all that can be compared; it may be wrong.
 */
export function unreadable(answer: string): string | undefined {
  const text = plain(answer)
  if (isLeftOpen(text))
    return `\`${answer.trim()}\` is not a value: a bracket or a quote is missing, or is one too many.`
  const word = text.toLowerCase()
  const meant = values.find((each) => each.length > 3 && each !== word && isNearly(word, each))
  return meant === undefined || values.includes(word) || words.has(word)
    ? undefined
    : `\`${answer.trim()}\` is not a value. Did you mean \`${meant}\`? A text stands in quotes.`
}

/** What a word without quotes may be. */
const values = ['true', 'false', 'undefined', 'null', 'nothing', 'empty']

/** One slip of a finger. `ture` and `flase` are two for the library, and the commonest of all. */
const isNearly = (word: string, other: string): boolean =>
  distance(word, other) <= (lettersOf(word) === lettersOf(other) ? 2 : 1)
const lettersOf = (word: string): string => [...word].sort().join('')

const STRING = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`/
const PAIR = /\[[^[\](){}"'`]*\]|\([^[\](){}"'`]*\)|\{[^[\](){}"'`]*\}/g

function isLeftOpen(text: string): boolean {
  let left = text.replace(new RegExp(STRING, 'g'), '')
  for (let before = ''; before !== left; ) {
    before = left
    left = left.replace(PAIR, '')
  }
  return /[[\](){}"'`]/.test(left)
}

/** Without the arrow in front, what ends a sentence or a line, parentheses around, and printers' quotes. */
const plain = (answer: string): string =>
  answer
    .replace(/[“”„]/g, '"')
    .replace(/[‘’]/g, "'")
    .trim()
    .replace(/^(→|=>)|[;.,]+$/g, '')
    .trim()
    .replace(/^\((.*)\)$/s, '$1')
    .trim()

/** Each place where the value may end, if it is what stands in the text from `at` on. */
function* endings(text: string, value: Value, at: number, isWhole = false): Generator<number> {
  if (value.kind === 'one') yield* one(text, value, at)
  else if (value.kind === 'object') {
    yield* between(text, at, OBJECT, (inside) => anyOrder(text, value.entries, inside))
    if (isWhole && value.entries.length > 0) yield* anyOrder(text, value.entries, at)
  } else if (value.items.length === 0) yield* after(text, EMPTY_LIST, at)
  else {
    yield* between(text, at, LIST, (inside) => inOrder(text, value.items, inside))
    const [only] = value.items
    if (value.items.length === 1 ? only?.kind === 'one' : isWhole) yield* inOrder(text, value.items, at)
  }
}

function* one(text: string, value: One, at: number): Generator<number> {
  const letters = value.text.replace(SIGN, '\\$&').replace(/["'`]/g, '\\\\?$&').replace(/\s+/g, '\\s*')
  const quote = value.text === '' ? '(["\'`])' : '(["\'`]?)'
  const word = value.isQuoted ? null : matched(text, /(["'`]?)([^\s,:[\]{}()"'`]+)\1/y, at)
  if (word && meansWord(word[2] as string, value, word[1] !== '')) yield at + word[0].length
  else yield* after(text, new RegExp(`${quote}${letters}\\1`, 'iuy'), at)
}

/** What a regular expression reads as something else. */
const SIGN = /[\\^$.*+?()[\]{}|/]/g

/** In quotes, `two` is only a text. */
function meansWord(said: string, { text: is }: One, isInQuotes: boolean): boolean {
  const word = (isInQuotes ? undefined : words.get(said.toLowerCase())) ?? said
  return word === is || (/^-?\d/.test(is) && Number(word) === Number(is))
}

function* inOrder(text: string, items: readonly Value[], at: number): Generator<number> {
  const [first, ...others] = items
  if (first)
    for (const end of endings(text, first, at))
      for (const next of others.length > 0 ? separated(text, end) : [end]) yield* inOrder(text, others, next)
  else yield at
}

function* anyOrder(text: string, entries: readonly Entry[], at: number): Generator<number> {
  if (entries.length === 0) yield at
  for (const entry of entries)
    for (const colon of endings(text, entry[0], at))
      for (const its of after(text, /\s*(?::|=>)\s*/y, colon))
        for (const end of endings(text, entry[1], its)) {
          const others = entries.filter((each) => each !== entry)
          for (const next of others.length > 0 ? separated(text, end) : [end]) yield* anyOrder(text, others, next)
        }
}

/** What comes next begins after a comma, a space, a quote or a bracket. */
function* separated(text: string, at: number): Generator<number> {
  for (const next of after(text, /\s*,?\s*/y, at))
    if (next > at || /["'`\]}]/.test(text.charAt(at - 1)) || /["'`[{]/.test(text.charAt(at))) yield next
}

/** A name may stand before the bracket that opens, and a comma before the one that closes, as in code. */
function* between(text: string, at: number, brackets: Brackets, inside: (at: number) => Iterable<number>) {
  for (const begin of after(text, brackets.open, at))
    for (const end of inside(begin)) yield* after(text, brackets.close, end)
}

function* after(text: string, pattern: RegExp, at: number): Generator<number> {
  const found = matched(text, pattern, at)
  if (found) yield at + found[0].length
}

function matched(text: string, pattern: RegExp, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** Strings, brackets, commas, colons, and everything between them. */
const TOKEN = new RegExp(`\\s*(?:(${STRING.source})|(=>|[[\\]{}(),:])|((?:[^[\\]{}(),:'"\`=]|=(?!>))+))`, 'y')

/** What is shown, as a value. Undefined for what has no shape. */
function read(shown: string): Value | undefined {
  const tokens: { readonly text: string; readonly kind: 'quoted' | 'mark' | 'plain' }[] = []
  const source = withoutClasses(shown).trim()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < source.length) {
    const [, quoted, mark, plain] = TOKEN.exec(source) ?? []
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.slice(1, -1).replace(/\\(["'`])/g, '$1') })
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark })
    else if (plain !== undefined) tokens.push({ kind: 'plain', text: plain.trim() })
    else return undefined
  }
  let at = 0
  const isMark = (mark: string) => tokens[at]?.kind === 'mark' && tokens[at]?.text === mark

  function group(close: string): Value | undefined {
    const items: Value[] = []
    const entries: Entry[] = []
    while (!isMark(close)) {
      const key = value()
      if (!key) return undefined
      if (isMark(':') || isMark('=>')) {
        at++
        const its = value()
        if (!its) return undefined
        entries.push([key, its])
      } else items.push(key)
      if (isMark(',')) at++
      else if (!isMark(close)) return undefined
    }
    at++
    if (entries.length === 0 && (close === ']' || items.length > 0)) return { kind: 'list', items }
    return items.length > 0 ? undefined : { kind: 'object', entries }
  }

  function value(): Value | undefined {
    const token = tokens[at++]
    if (!token) return undefined
    if (token.kind !== 'mark') return { kind: 'one', text: token.text, isQuoted: token.kind === 'quoted' }
    const close = { '[': ']', '{': '}' }[token.text]
    return close === undefined ? undefined : group(close)
  }

  const whole = value()
  return at === tokens.length ? whole : undefined
}

/** Strings stay as they are. */
const withoutClasses = (text: string): string =>
  text
    .split(new RegExp(`(${STRING.source})`))
    .map((part, at) => (at % 2 === 0 ? part.replace(new RegExp(`${CLASS}(?=[[{])`, 'g'), '') : part))
    .join('')
