/**
 * What can be read off the source text of a function or a class.
 *
 * JavaScript tells nobody what a parameter is called, but `toString()` of a function is its source. This
 * reads just enough of it to find a parameter list, and gives up rather than guess: a parameter without a
 * plain name is refused, and the count is held against `length`, which the engine knows for certain.
 */

/** Strings, comments and regular expressions are skipped whole; what is left one looks at sign by sign. */
const token =
  /\/\/[^\n]*|\/\*.*?\*\/|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[\p{ID_Start}$_#][\p{ID_Continue}$]*|\d[\w.]*|\.\.\.|=>|\s+|./gsu
const regularExpression = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y
const beforeExpression = /^(?:[=([,;:!&|?{}+\-*%~^<>]|=>|return|typeof|case|in|of|void)$/

function tokens(source: string): string[] {
  const found: string[] = []
  let at = 0
  while (at < source.length) {
    const previous = found.at(-1) ?? '('
    let text: string
    regularExpression.lastIndex = at
    token.lastIndex = at
    if (source[at] === '`') text = template(source, at)
    else if (source[at] === '/' && !/[/*]/.test(source[at + 1] ?? '') && beforeExpression.test(previous))
      text = regularExpression.exec(source)?.[0] ?? '/'
    else text = token.exec(source)?.[0] ?? ''
    at += text.length || 1
    if (text && !/^(\s|\/\/|\/\*)/.test(text)) found.push(text)
  }
  return found
}

/** A template literal from its first to its last back-quote, those inside `${…}` included. */
function template(source: string, from: number): string {
  let at = from + 1
  while (at < source.length && source[at] !== '`') {
    if (source[at] === '\\') at += 2
    else if (source.startsWith('${', at)) at = endOfHole(source, at + 2)
    else at++
  }
  return source.slice(from, at + 1)
}

/** Behind the `}` that closes a `${`. */
function endOfHole(source: string, from: number): number {
  let depth = 1
  let at = from
  while (at < source.length && depth > 0) {
    const sign = source[at] ?? ''
    token.lastIndex = at
    if (sign === '`') at += template(source, at).length
    else {
      if (sign === '{') depth++
      if (sign === '}') depth--
      at += /['"]/.test(sign) ? (token.exec(source)?.[0].length ?? 1) : 1
    }
  }
  return at
}

const originals = new WeakMap<object, object>()

/** A proxy has no source text: says whose text is to be read in its place. */
export const standsIn = (proxy: object, original: object): unknown => originals.set(proxy, original)

/** What a proxy stands for, and anything else itself. */
export const originalOf = <T extends object>(value: T): T => (originals.get(value) as T | undefined) ?? value

const sourceText = (value: object): string => Function.prototype.toString.call(originalOf(value))

const opens = new Set(['(', '[', '{'])
const closes = new Set([')', ']', '}'])

/** The parameter list that starts behind `tokens[open]`, which is its `(`. */
function parameterList(all: readonly string[], open: number): string[][] {
  const list: string[][] = [[]]
  let depth = 0
  for (const text of all.slice(open + 1)) {
    if (depth === 0 && text === ')') break
    if (opens.has(text)) depth++
    if (closes.has(text)) depth--
    if (depth === 0 && text === ',') list.push([])
    else list.at(-1)?.push(text)
  }
  return list.filter((parameter) => parameter.length > 0)
}

/** Where `constructor(` stands in the body of a class, or -1. */
function constructorOf(all: readonly string[]): number {
  let depth = 0
  let inBody = false
  for (const [i, text] of all.entries()) {
    const isKey = inBody && depth === 1 && text === 'constructor' && all[i + 1] === '('
    if (isKey && !['.', 'static', 'get', 'set', '*', '=', 'async'].includes(all[i - 1] ?? '')) return i + 1
    if (text === '{' && depth === 0) inBody = true
    if (opens.has(text)) depth++
    if (closes.has(text)) depth--
  }
  return -1
}

/** Compilers write such a constructor where there is none, and it changes nothing: `super(...arguments)`. */
const passesAllOn = /^\((?:\.\.\.([\w$]+))?\)\{super\(\.\.\.(arguments|[\w$]+)\)[;}]/

/** Has this class a constructor of its own, that does more than to pass its arguments on? */
export function hasConstructor(type: object): boolean {
  const all = tokens(sourceText(type))
  const open = constructorOf(all)
  if (open < 0) return false
  const [, rest = 'arguments', passed] = passesAllOn.exec(all.slice(open, open + 14).join('')) ?? []
  return passed !== rest
}

/** Of a class and those that it extends below `root`, the nearest with a constructor; the class itself if there is none. */
export function constructing(type: object, root: object): object {
  for (let each = type; typeof each === 'function' && each !== root; each = Object.getPrototypeOf(each))
    if (hasConstructor(each)) return each
  return type
}

/**
 * The names of the parameters, in order.
 *
 * @throws TypeError that says which parameter has no plain name (destructured, rest, with a default), or that
 *   the source cannot be read; what to write instead is for the caller to say
 */
export function parameterNames(source: object): string[] {
  const text = sourceText(source)
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) throw new TypeError('its source is not to be had (a bound function?)')
  const all = tokens(text)
  const isClass = all[0] === 'class'
  const open = isClass ? constructorOf(all) : all.indexOf('(')
  const list = open < 0 ? [] : parameterList(all, open)
  const names = list.map((parameter) => {
    const [first = ''] = parameter
    const whole = parameter.join(' ')
    if (first === '...') throw new TypeError(`its rest parameter \`${whole}\` stands for many values`)
    if (opens.has(first)) throw new TypeError(`its parameter \`${whole}\` is destructured and has no name`)
    if (parameter.includes('='))
      throw new TypeError(`its parameter \`${whole}\` has a default, which no event would record`)
    if (parameter.length > 1) throw new TypeError(`its parameter \`${whole}\` cannot be read`)
    return first
  })
  if (names.length !== (source as { length: number }).length) throw new TypeError('its parameters cannot be read')
  return names
}

const privateNames = /^(#|_*classPrivateField|WeakMap$)/
const answers = new WeakMap<object, boolean>()

/** Whether a class, or one that it extends below `root`, may keep state that nobody outside it can see. */
export function keepsPrivateState(type: object, root: object): boolean {
  if (type === root || typeof type !== 'function') return false
  const known = answers.get(type)
  if (known !== undefined) return known
  const mentions = tokens(sourceText(type)).some((text) => privateNames.test(text))
  const answer = mentions || keepsPrivateState(Object.getPrototypeOf(type), root)
  answers.set(type, answer)
  return answer
}

const fingerprints = new WeakMap<object, string>()

/**
 * A short text that changes when the source of a class, or of one that it extends below `root`, does.
 * (FNV-1a, by Fowler, Noll and Vo: quick, and good enough to notice an edit.)
 */
export function fingerprint(type: object, root: object): string {
  if (type === root || typeof type !== 'function') return ''
  let print = fingerprints.get(type)
  if (print !== undefined) return print
  let hash = 0x811c9dc5
  for (const sign of sourceText(type)) hash = Math.imul(hash ^ (sign.codePointAt(0) as number), 0x01000193) >>> 0
  print = hash.toString(16) + fingerprint(Object.getPrototypeOf(type), root)
  fingerprints.set(type, print)
  return print
}
