/**
 * Whether what a person predicted means what is shown.
 *
 * Both are read leniently, as values: missing outer brackets, quotes, spaces, capitals, a semicolon, the arrow in front, `two`
 * for `2`, `yes` for `true`, the order of keys and the name of a class are no reason to be wrong. What differs as a value is: `12` is not `[1, 2]`.
 */

type Value =
  | { readonly kind: 'one'; readonly text: string; readonly isQuoted: boolean }
  /** Of a `group`, nobody wrote the outer brackets. */
  | { readonly kind: 'list' | 'group'; readonly items: readonly Value[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: Value, value: Value])[] }

const numbers =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
const words = new Map<string, string>([
  ...numbers.split(' ').map((word, number) => [word, String(number)] as const),
  ...['yes', 'y', 't'].map((word) => [word, 'true'] as const),
  ...['no', 'n', 'f'].map((word) => [word, 'false'] as const),
  ['nothing', 'undefined'],
])
const emptyLists = new Set(['empty', 'nothing', 'none', 'emptylist', 'anemptylist', 'emptyarray', 'anemptyarray'])

/** @param shown as `util.inspect` shows it */
export function predicts(answer: string, shown: string): boolean {
  const said = read(withoutSigns(answer))
  const is = read(shown)
  if (answer.trim() === '') return false
  return said !== undefined && is !== undefined && means(said, is)
}

/**
 * Why nobody can tell what was predicted: a bracket or a quote is left open, or a word is nearly that of a value, and is no
 * text in quotes. Whoever predicted it is asked again. Undefined for all that can be compared; it may be wrong.
 */
export function unreadable(answer: string): string | undefined {
  const said = withoutSigns(answer)
  if (said === '') return undefined
  if (!read(said))
    return `\`${answer.trim()}\` is not a value: a bracket, a quote or a comma is missing, or is one too many.`
  const word = said.toLowerCase()
  const meant = values.find((each) => each.length > 3 && each !== word && isNearly(word, each))
  return meant === undefined || isKnown(word)
    ? undefined
    : `\`${answer.trim()}\` is not a value. Did you mean \`${meant}\`? A text stands in quotes.`
}

/** What a word without quotes may be. */
const values = ['true', 'false', 'undefined', 'null', 'nothing', 'empty']
const isKnown = (word: string): boolean => values.includes(word) || words.has(word) || emptyLists.has(word)

/** One letter is another one, missing, or one too many, or two have changed places. */
function isNearly(word: string, other: string): boolean {
  if (Math.abs(word.length - other.length) > 1) return false
  let same = 0
  while (same < word.length && word[same] === other[same]) same++
  const [rest, its] = [word.slice(same), other.slice(same)]
  return (
    rest.slice(1) === its.slice(1) ||
    rest.slice(1) === its ||
    rest === its.slice(1) ||
    (rest[0] === its[1] && rest[1] === its[0] && rest.slice(2) === its.slice(2))
  )
}

const withoutSigns = (answer: string): string =>
  answer
    .trim()
    .replace(/^(→|=>)|[;.]+$/g, '')
    .trim()

function means(said: Value, is: Value): boolean {
  if (is.kind === 'list') {
    if (said.kind === 'list' || said.kind === 'group') return sameItems(said.items, is.items)
    const [only] = is.items
    if (only) return is.items.length === 1 && means(said, only)
    return said.kind === 'one' && !said.isQuoted && emptyLists.has(bare(said.text))
  }
  if (is.kind === 'object') return said.kind === 'object' && sameEntries(said.entries, is.entries)
  if (is.kind === 'one') return said.kind === 'one' && sameText(said.text, is)
  return false
}

const sameItems = (said: readonly Value[], is: readonly Value[]): boolean =>
  said.length === is.length && said.every((each, at) => means(each, is[at] as Value))

type Entries = Extract<Value, { kind: 'object' }>['entries']

function sameEntries(said: Entries, is: Entries): boolean {
  const left = [...is]
  return (
    said.length === is.length &&
    said.every(([key, value]) => {
      const at = left.findIndex(([other, its]) => means(key, other) && means(value, its))
      if (at >= 0) left.splice(at, 1)
      return at >= 0
    })
  )
}

function sameText(said: string, { text, isQuoted }: Extract<Value, { kind: 'one' }>): boolean {
  if (bare(said) === bare(text) && /\p{L}/u.test(text)) return true
  if (said.trim() === text.trim()) return true
  if (isQuoted) return false
  const word = words.get(said.trim().toLowerCase()) ?? said.trim().toLowerCase()
  return word === text || (word !== '' && /^-?\d/.test(text) && Number(word) === Number(text))
}

const bare = (text: string): string => text.replace(/\s+/g, '').toLowerCase()

/** Strings, brackets, commas, colons, and everything between them. */
const TOKEN =
  /\s*(?:("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)|(=>|[[\]{}(),:])|((?:[^[\]{}(),:'"`=]|=(?!>))+))/y
/** What is written before a bracket says only what it is: `Array(5) [`, `Dog {`, `[Object: null prototype] {`. */
const CLASS = /(?:\[\w+: null prototype\]|\b[A-Za-z_$][\w$]*(?:\(\d+\))?)\s*(?=[[{])/g

/** Undefined for what has no shape. */
function read(text: string): Value | undefined {
  const tokens: { readonly text: string; readonly kind: 'quoted' | 'mark' | 'plain' }[] = []
  const source = withoutClasses(text).trim()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < source.length) {
    const [, quoted, mark, plain] = TOKEN.exec(source) ?? []
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.slice(1, -1).replace(/\\(.)/g, '$1') })
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark })
    else if (plain !== undefined) tokens.push({ kind: 'plain', text: plain.trim() })
    else return undefined
  }
  let at = 0
  const isMark = (mark: string) => tokens[at]?.kind === 'mark' && tokens[at]?.text === mark

  /** Up to this bracket, or to the end. */
  function group(close: string | undefined): Value | undefined {
    const items: Value[] = []
    const entries: [Value, Value][] = []
    const isOver = () => (close === undefined ? at >= tokens.length : isMark(close))
    while (!isOver()) {
      const key = value()
      if (!key) return undefined
      if (isMark(':') || isMark('=>')) {
        at++
        const its = value()
        if (!its) return undefined
        entries.push([key, its])
      } else items.push(...(spaced(key) ?? [key]))
      if (isMark(',')) at++
      else if (!isOver()) return undefined
    }
    at++
    if (entries.length > 0 || (close === '}' && items.length === 0))
      return items.length > 0 ? undefined : { kind: 'object', entries }
    const [only] = items
    if (only && items.length === 1 && (close === undefined || close === ')')) return only
    return { kind: close === undefined ? 'group' : 'list', items }
  }

  function value(): Value | undefined {
    const token = tokens[at++]
    if (!token) return undefined
    if (token.kind !== 'mark') return { kind: 'one', text: token.text, isQuoted: token.kind === 'quoted' }
    const close = { '[': ']', '{': '}', '(': ')' }[token.text]
    return close === undefined ? undefined : group(close)
  }

  const whole = group(undefined)
  return at > tokens.length ? whole : undefined
}

/** `1 1 2` is a list of numbers whose commas were left out. */
function spaced(value: Value): Value[] | undefined {
  if (value.kind !== 'one' || value.isQuoted || !/^-?\d+(\s+-?\d+)+$/.test(value.text)) return undefined
  return value.text.split(/\s+/).map((text) => ({ kind: 'one', text, isQuoted: false }))
}

/** Strings stay as they are. */
const withoutClasses = (text: string): string =>
  text
    .split(/("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)/)
    .map((part, at) => (at % 2 === 0 ? part.replace(CLASS, '') : part))
    .join('')
