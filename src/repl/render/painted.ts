/** What each part of TypeScript code is, for the terminal and for the page to colour. */
import jsTokens from 'js-tokens'

export type Paint = 'string' | 'number' | 'comment' | 'keyword'

const keywords = new Set(
  'abstract as async await break case catch class const continue default delete do else enum export extends false finally for from function if implements import in instanceof interface let new null of private protected public readonly return static super switch this throw true try type typeof undefined var void while yield'.split(
    ' ',
  ),
)

/** The code in parts, which joined are the code again. */
export const painted = (code: string): { readonly paint: Paint | undefined; readonly text: string }[] =>
  Array.from(jsTokens(code), ({ type, value }) => ({ paint: paintOf(type, value), text: value }))

function paintOf(type: string, value: string): Paint | undefined {
  if (type === 'StringLiteral' || /^(NoSubstitution)?Template/.test(type)) return 'string'
  if (type === 'NumericLiteral') return 'number'
  if (/Comment$/.test(type)) return 'comment'
  return type === 'IdentifierName' && keywords.has(value) ? 'keyword' : undefined
}
