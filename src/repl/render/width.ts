/** Fits text into a number of columns. A character may take two of them, or none. */
import stringWidth from 'string-width'

export const widthOf = stringWidth

type WrapAnsi = (text: string, columns: number) => string
/** Replaces a space at which a line must not be broken. */
const glue = '\u00a0'

/** Keeps a piece of code in one line, if it fits one. */
export const unbroken = (code: string, width: number): string =>
  widthOf(code) <= width ? code.replaceAll(' ', glue) : code

/** Breaks long lines of prose at spaces, except in `code`. The new lines have the same indentation and colours. */
export function wrapped(text: string, width: number): string {
  return text
    .replace(/`[^`\n]+`/g, (code) => unbroken(code, width))
    .split('\n')
    .map((line) => (widthOf(line) <= width ? line : brokenUp(line, width)))
    .join('\n')
    .replaceAll(glue, ' ')
}

/** Breaks long lines of code: statements as `wrappedCode` does, comments as prose. */
export const fitted = (code: string, width: number): string =>
  code
    .split('\n')
    .map((line) => {
      const [mark = ''] = /^\s*(\/\/|\*) /.exec(line) ?? []
      if (mark === '' || widthOf(line) <= width) return wrappedCode(line, width)
      return wrapped(line.slice(mark.length), width - mark.length).replace(/^/gm, mark)
    })
    .join('\n')

function brokenUp(line: string, width: number): string {
  const wrap: WrapAnsi = require('wrap-ansi')
  const indent = /^ */.exec(line)?.[0] ?? ''
  return wrap(line.trimStart(), Math.max(1, width - indent.length)).replace(/^/gm, indent)
}

/** Breaks a long line whose text starts at a column. The new lines start there too. */
export function hanging(line: string, column: number, width: number, wrap = wrapped): string {
  return line.slice(0, column) + wrap(line.slice(column), width - column).replaceAll('\n', `\n${' '.repeat(column)}`)
}

/**
 * Breaks a line of code after a statement, a comma or an opening bracket if it can, and never within quotes; within brackets
 * that are closed on the same line only where there is no other place.
 */
export function wrappedCode(code: string, width: number, own = /^ */.exec(code)?.[0] ?? ''): string {
  if (widthOf(code) <= width) return code
  const bare = code.replace(/(['"`]).*?\1/g, (quoted) => '_'.repeat(quoted.length))
  const blanks = [...bare.matchAll(/(?<=\S) /g)].map(({ index }) => index)
  const open = blanks.filter((at) => at <= width && !/['"`]/.test(bare.slice(0, at)))
  const outer = open.filter((at) => !isClosed(bare.slice(at, width)))
  const after = (characters: string, of: readonly number[]) =>
    of.findLast((at) => characters.includes(code[at - 1] as string))
  const at = after(';', open) ?? after(',', outer) ?? after('([{', outer) ?? after(',([{', open) ?? open.at(-1)
  if (at === undefined) return code
  const indent = code[at - 1] === ';' ? own : `${own}  `
  return `${code.slice(0, at)}\n${wrappedCode(indent + code.slice(at).trimStart(), width, own)}`
}

/** Whether code ends more brackets than it begins, at some place. */
function isClosed(code: string): boolean {
  let depth = 0
  for (const character of code) {
    if ('([{'.includes(character)) depth++
    else if (')]}'.includes(character) && --depth < 0) return true
  }
  return false
}

/** Cuts a text into pieces of this width, at any character. */
export function folded(text: string, width: number): string[] {
  const pieces = ['']
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const longer = pieces.at(-1) + segment
    if (widthOf(longer) > width) pieces.push(segment)
    else pieces[pieces.length - 1] = longer
  }
  return pieces
}

export function padded(text: string, width: number, right = false): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)))
  return right ? blanks + text : text + blanks
}

/** Cuts a text to a width, with three dots at the end. A character of two columns is not cut in half. */
export function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let cut = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (widthOf(cut + segment) > width - 3) break
    cut += segment
  }
  return `${cut}...`
}
