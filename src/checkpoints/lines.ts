/** The learner's own lines, as a verdict quotes them. Lines count from 1; of a line that is not there, nothing is quoted. */
import tokens from 'js-tokens'

/** The line itself. */
export const lineAt = (text: string, line: number): string => text.split('\n')[line - 1]?.trim() ?? ''

/** How far it is indented. */
export const indentAt = (text: string, line: number): number =>
  Math.max(0, text.split('\n')[line - 1]?.search(/\S/) ?? 0)

/** Of a call that is longer, the first line says enough. */
const LONG = 160

/** The line, with those that belong to a call that it leaves open; without comments. */
export function callAt(text: string, line: number): string {
  const lines = text.split('\n').slice(line - 1, line + 7)
  let code = ''
  let open = 0
  for (const { type, value } of tokens(lines.join('\n'))) {
    if (value === '(') open++
    if (value === ')') open--
    if (type === 'LineTerminatorSequence' && open <= 0) break
    if (type.endsWith('Comment')) continue
    if (/\S/.test(value)) code += value
    else if (!code.endsWith(' ')) code += ' '
  }
  return open <= 0 && code.length <= LONG ? code.trim() : (lines[0] ?? '').trim()
}
