/** Habits of other languages that TypeScript cannot read: they are told from a bracket that is missing. */
import tokens from 'js-tokens'

const words = new Set(
  'abstract async await case class const constructor declare default delete else export extends function get if implements import in instanceof interface let new of private protected public readonly return set static super throw type typeof var void while yield as from is keyof satisfies do for try catch finally switch enum'.split(
    ' ',
  ),
)

/** Whether at this place, or around it, something is written as in Java, C or Python. */
export function isForeign(place: { readonly code?: string; readonly mark?: number } | undefined): boolean {
  const { code = '', mark = 0 } = place ?? {}
  // `{ dog.name }`: a property without a name of its own.
  if (/[{,]\s*[\w$]+$/.test(code.slice(0, mark)) && code[mark] === '.') return true
  // Between two names in braces, as in an import, it is a comma that is missing.
  if (/\{[^}]*$/.test(code.slice(0, mark))) return false
  const signs = [...tokens(code)].filter(({ type }) => type !== 'WhiteSpace' && !/Comment$/.test(type))
  return signs.some(({ type, value }, at) => {
    const next = signs[at + 1]
    // `(name) -> string`, `String name`, `def open`
    if (value === '-' && next?.value === '>') return true
    return (
      [type, next?.type].every((each) => each === 'IdentifierName') &&
      !words.has(value) &&
      !words.has(next?.value ?? '')
    )
  })
}
