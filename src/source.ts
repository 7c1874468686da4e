/**
 * What a function's parameters are called, read off its source text, and nothing else.
 *
 * JavaScript tells nobody what a parameter is called, but `toString()` of a function is its source. A parameter without
 * a plain name is refused, the count is held against `length`, which the engine knows for certain, and names that a
 * build tool may have made up are refused too: another build would make up others.
 */
import tokens from 'js-tokens'

interface Signature {
  /** Each parameter as its tokens. */
  readonly list: readonly (readonly string[])[]
  /** It only hands on what it was given: `super(...arguments)`, as compilers write it. */
  readonly passesOn: boolean
  /** No white space where every printer of readable code puts some. */
  readonly isDense: boolean
}

const opens = /^(?:[([{]|`.*\$\{|\}.*\$\{)$/s
const closes = /^(?:[)\]}]|\}.*)$/s

/** The first parameter list in these tokens from `start` on, which is its `(`. */
function signature(all: readonly string[], start: number): Signature {
  const list: string[][] = [[]]
  let at = start + 1
  for (let depth = 0; at < all.length && !(depth === 0 && all[at] === ')'); at++) {
    const text = all[at] as string
    if (/^(\s|\/[/*])/.test(text)) continue
    if (closes.test(text)) depth--
    if (opens.test(text)) depth++
    if (depth === 0 && text === ',') list.push([])
    else list.at(-1)?.push(text)
  }
  const after = all.slice(at + 1)
  const [rest] = list.length === 1 && list[0]?.[0] === '...' ? [list[0][1]] : ['arguments']
  return {
    list: list.filter((parameter) => parameter.length > 0),
    passesOn: after.join('').includes(`super(...${rest})`) && (rest !== 'arguments' || !list[0]?.length),
    isDense: !/^\s/.test(after[0] ?? ' ') && !/\s/.test(all.at(-2) ?? ' '),
  }
}

/** Where the parameters of a method start: behind its name, which may be computed. */
function openOf(all: readonly string[]): number {
  let depth = 0
  return all.findIndex((text) => {
    if (text === '[') depth++
    if (text === ']') depth--
    return text === '(' && depth === 0
  })
}

/** Where `constructor(` stands in the body of a class, or -1. */
function constructorOf(all: readonly string[]): number {
  let depth = 0
  let isBody = false
  let before = ''
  for (const [i, text] of all.entries()) {
    if (/^(\s|\/[/*])/.test(text)) continue
    if (isBody && depth === 1 && text === 'constructor' && !/^(\.|static|get|set|\*|=|async|#)$/.test(before)) {
      const open = all.findIndex((each, at) => at > i && !/^(\s|\/[/*])/.test(each))
      if (all[open] === '(') return open
    }
    if (text === '{' && depth === 0 && before !== '=') isBody = true
    if (closes.test(text)) depth--
    if (opens.test(text)) depth++
    before = text
  }
  return -1
}

const read = (value: object): string[] =>
  Array.from(tokens(Function.prototype.toString.call(value)), ({ value: text }) => text)

/** The parameters of the constructor that stands in the text of a class itself, or undefined where there is none. */
function constructorIn(type: object): Signature | undefined {
  const all = read(type)
  // Compilers for old engines make a function of it, which is its own constructor.
  const isFunction = all[0] !== 'class'
  const open = isFunction ? openOf(all) : constructorOf(all)
  if (open < 0) return undefined
  const found = signature(all, open)
  const passesOn = isFunction ? found.list.length === 0 && all.includes('arguments') : found.passesOn
  return passesOn ? undefined : { ...found, isDense: isDenseText(all) }
}

/** Has this class a constructor of its own, that does more than to pass its arguments on? */
export const hasConstructor = (type: object): boolean => constructorIn(type) !== undefined

// biome-ignore lint/correctness/noUnusedFunctionParameters: what is asked for is whether the build has renamed it
const canary = (parameter: unknown): void => undefined
const isLibraryMangled = !/parameter/.test(canary.toString())

const isDenseText = (all: readonly string[]): boolean => all[0] !== '{' && !/\s/.test(all.at(-2) ?? ' ')

/** Could a build tool have made up this name? It gives one or two letters, and takes the white space away. */
const isMadeUp = (name: string, isDense: () => boolean): boolean => name.length <= 2 && (isLibraryMangled || isDense())

/** Bundlers number a name that occurs twice. An author who numbers names has a series of them. */
function isNumbered(name: string, all: readonly string[]): boolean {
  const base = withoutNumber(name)
  return base !== name && base !== '' && !all.some((each) => each !== name && withoutNumber(each) === base)
}

/** A name without the number that a bundler may have put behind it. */
export const withoutNumber = (name: string): string => name.replace(/\$?\d+$/, '')

/** Whether another build would call this class by the same name, as far as its text can tell. */
export const hasLastingName = (type: { readonly name: string }): boolean =>
  type.name !== '' && !/\$\d+$/.test(type.name) && !isMadeUp(type.name, () => isDenseText(read(type)))

/**
 * The names of the parameters of a method, in order; of a class, those of its constructor, or of the one that it
 * inherits below `root`.
 *
 * @throws TypeError that says which parameter has no plain name (destructured, rest, with a default, made up by a
 *   build tool), or that the source cannot be read; what to write instead is for the caller to say
 */
export function parameterNames(source: object, root?: object): string[] {
  if (root === undefined) {
    const all = read(source)
    if (all.slice(-8).join('').includes('[native code]'))
      throw new TypeError('its source is hidden (a bound function?)')
    return plainNames(signature(all, openOf(all)), (source as { length: number }).length)
  }
  for (let type = source; typeof type === 'function' && type !== root; type = Object.getPrototypeOf(type)) {
    const own = constructorIn(type)
    if (own) return plainNames(own, (type as { length: number }).length)
  }
  return []
}

function plainNames({ list, isDense }: Signature, length: number): string[] {
  const names = list.map((parameter) => {
    const [first = ''] = parameter
    const whole = parameter.join(' ')
    if (first === '...') throw new TypeError(`its rest parameter \`${whole}\` stands for many values`)
    if (opens.test(first)) throw new TypeError(`its parameter \`${whole}\` is destructured and has no name`)
    if (parameter.includes('='))
      throw new TypeError(`its parameter \`${whole}\` has a default, which no event would record`)
    if (parameter.length > 1) throw new TypeError(`its parameter \`${whole}\` cannot be read`)
    // One long name shows that the code kept its names, and lost no more than its white space.
    if (list.every(([name = '']) => isMadeUp(name, () => isDense)))
      throw new TypeError(`its code was minified, so \`${first}\` is another name in the next build`)
    return first
  })
  for (const name of names)
    if (isNumbered(name, names))
      throw new TypeError(
        `its parameter \`${name}\` may have got its number from a bundler, for a name that occurs twice`,
      )
  if (names.length !== length) throw new TypeError('its parameters cannot be read')
  return names
}
