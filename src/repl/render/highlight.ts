/** Colours TypeScript, for reading and while it is typed. */
import { styleText } from 'node:util'
import jsTokens from 'js-tokens'

const keywords = new Set(
  'abstract as async await break case catch class const continue default delete do else enum export extends false finally for from function if implements import in instanceof interface let new null of private protected public readonly return static super switch this throw true try type typeof undefined var void while yield'.split(
    ' ',
  ),
)

export function highlight(code: string): string {
  let result = ''
  for (const { type, value } of jsTokens(code)) {
    if (type === 'StringLiteral' || /^(NoSubstitution)?Template/.test(type)) result += styleText('green', value)
    else if (type === 'NumericLiteral') result += styleText('cyan', value)
    else if (/Comment$/.test(type)) result += styleText('dim', value)
    else if (type === 'IdentifierName' && keywords.has(value)) result += styleText('magenta', value)
    else result += value
  }
  return result
}
