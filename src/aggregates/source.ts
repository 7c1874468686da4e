/**
 * Reads the names of a function's parameters from its source code.
 *
 * JavaScript has no other way to find them. A parameter without a plain name is refused, the count is compared with
 * `length`, which the engine knows for certain, and names that a build tool may have invented are refused too, because
 * the next build would invent others.
 */
import tokens from 'js-tokens'

interface Signature {
  /** Each parameter as its tokens. */
  readonly list: readonly (readonly string[])[]
  /** It only passes on its arguments: `super(...arguments)`, as compilers write it. */
  readonly passesOn: boolean
  /** There is no white space where readable code has some. */
  readonly isDense: boolean
  /** What the class extends, if a build tool may have given it this name. */
  readonly renamed?: string | undefined
}

const opens = /^(?:[([{]|`.*\$\{|\}.*\$\{)$/s
const closes = /^(?:[)\]}]|\}.*)$/s

/** The parameter list in these tokens whose `(` is at `start`. */
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

/** Where the parameters of a method start: after its name, which may be computed. */
function openOf(all: readonly string[]): number {
  let depth = 0
  return all.findIndex((text) => {
    if (text === '[') depth++
    if (text === ']') depth--
    return text === '(' && depth === 0
  })
}

/** Where the `(` of the constructor is in the body of a class, or -1. */
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

/** The parameters of the constructor in the source of the class itself, or undefined if it has none. */
function constructorIn(type: object): Signature | undefined {
  const all = read(type)
  // Compilers for old engines turn a class into a function, which is its own constructor.
  const isFunction = all[0] !== 'class'
  const open = isFunction ? openOf(all) : constructorOf(all)
  if (open < 0) return undefined
  const found = signature(all, open)
  const passesOn = isFunction ? found.list.length === 0 && all.includes('arguments') : found.passesOn
  return passesOn ? undefined : { ...found, isDense: isDenseText(all), renamed: renamedBase(type, all) }
}

/** Does this class have a constructor of its own that does more than pass on its arguments? */
export const hasConstructor = (type: object): boolean => constructorIn(type) !== undefined

// biome-ignore lint/correctness/noUnusedFunctionParameters: its name shows whether the build renames parameters
const canary = (parameter: unknown): void => undefined
const isLibraryMangled = !/parameter/.test(canary.toString())

/** An empty body may be written without white space: then, the space before it counts. */
const isDenseText = (all: readonly string[]): boolean => !/\s/.test(all.at(all.at(-2) === '{' ? -3 : -2) ?? ' ')

/**
 * What this class extends, if that is called otherwise in the source, in one or two letters. A tool that renames it
 * renames parameters as well, even if it keeps all white space. Compilers' own names are longer, or stand beside the true
 * one. Of `ds.Aggregate`, a tool that shortens `ds` shortens the name of the class, too.
 */
function renamedBase(type: { readonly name?: string }, all: readonly string[] = read(type)): string | undefined {
  const parent = Object.getPrototypeOf(type)
  const start = all.indexOf('extends') + 1
  const end = all.findIndex((text, i) => i > start && (text === '{' || text === ','))
  // Compilers for old engines turn a class into a function, whose source has only its own name.
  const isClass = all[0] === 'class'
  const head = isClass ? all.slice(start, end) : all.slice(1, openOf(all))
  const names = head.filter((text, i) => /^[\p{L}_$]/u.test(text) && head[i - 1] !== '.')
  if (names.length === 0 || names.some((name) => name.length > 2)) return undefined
  const isMember = head.join('').trim() === `${names[0]}.${parent.name}`
  if (isMember && all[2] !== 'extends' && (all[2] as string).length > 2) return undefined
  return names.includes((isClass ? parent : type).name) ? renamedBase(parent) : names[0]
}

/** @throws TypeError if a build tool may have invented these names of parameters of a method of this class */
export function mustBeKept(names: readonly string[], type: object): void {
  if (names.length === 0 || names.some((name) => name.length > 2)) return
  const base = renamedBase(type)
  if (base !== undefined) throw renamed(names[0] as string, base)
}

const minified = (name: string) =>
  new TypeError(`its code was minified, so \`${name}\` may be renamed in the next build`)
const renamed = (name: string, base: string) =>
  new TypeError(
    `\`${name}\` may be renamed in the next build, because minifiers use such names, as \`${base}\` for what the class extends (if you wrote it yourself, call that by a longer name)`,
  )

/** Could a build tool have invented this name? Its names have one or two letters, and it removes white space. */
const isMadeUp = (name: string, isDense: () => boolean): boolean => name.length <= 2 && (isLibraryMangled || isDense())

/** Bundlers number a name that occurs twice. An author who numbers names has several with the same base. */
function isNumbered(name: string, all: readonly string[]): boolean {
  const base = withoutNumber(name)
  return base !== name && base !== '' && !all.some((each) => each !== name && withoutNumber(each) === base)
}

/** A name without the number that a bundler may have added. */
export const withoutNumber = (name: string): string => name.replace(/\$?\d+$/, '')

/** Would another build give this class the same name, as far as its source can tell? */
export function hasLastingName(type: { readonly name: string }): boolean {
  const { name } = type
  if (name === '' || /\$\d+$/.test(name)) return false
  const all = read(type)
  return !isMadeUp(name, () => isDenseText(all) || renamedBase(type, all) !== undefined)
}

/** The parameters of a method; for a class, those of its constructor, or of the one it inherits below `root`. */
function signatureOf(source: object, root?: object): Signature & { readonly length: number } {
  const { length } = source as { length: number }
  if (root === undefined) {
    const all = read(source)
    if (all.slice(-8).join('').includes('[native code]'))
      throw new TypeError('its source is not available (a bound function?)')
    return { ...signature(all, openOf(all)), length }
  }
  for (let type = source; typeof type === 'function' && type !== root; type = Object.getPrototypeOf(type)) {
    const own = constructorIn(type)
    if (own) return { ...own, length: (type as { length: number }).length }
  }
  return { list: [], passesOn: false, isDense: false, length: 0 }
}

/** Does it have a rest parameter, as far as its source can be read? */
export const takesRest = (source: object, root?: object): boolean =>
  signatureOf(source, root).list.some(([first]) => first === '...')

/**
 * The names of these parameters, in order.
 *
 * @throws TypeError that says which parameter has no plain name (destructured, rest, with a default, invented by a
 *   build tool), or that the source cannot be read; the caller adds what to write instead
 */
export function parameterNames(source: object, root?: object): string[] {
  const { list, isDense, renamed: base, length } = signatureOf(source, root)
  const names = list.map((parameter) => {
    const [first = ''] = parameter
    const whole = parameter.join(' ')
    if (first === '...') throw new TypeError(`its rest parameter \`${whole}\` takes many values`)
    if (opens.test(first)) throw new TypeError(`its parameter \`${whole}\` is destructured and has no name`)
    if (parameter.includes('='))
      throw new TypeError(`its parameter \`${whole}\` has a default, which no event would record`)
    if (parameter.length > 1) throw new TypeError(`its parameter \`${whole}\` cannot be read`)
    // One long name shows that the code lost its white space only, not its names.
    if (list.every(([name = '']) => isMadeUp(name, () => isDense))) throw minified(first)
    if (base !== undefined && list.every(([name = '']) => name.length <= 2)) throw renamed(first, base)
    return first
  })
  for (const name of names)
    if (isNumbered(name, names))
      throw new TypeError(
        `the number in its parameter \`${name}\` may come from a bundler, for a name that occurs twice`,
      )
  if (names.length !== length) throw new TypeError('its parameters cannot be read')
  return names
}
