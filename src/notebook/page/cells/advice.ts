/** What TypeScript says of code that has run all the same: at the prompt, it would not have. */
import { mistakeSaid } from '../../../repl/render/mistake'
import type { Shown } from '../../run'
import type { TypeProblem } from '../editor/types'

/**
 * The first complaint, in the words of the prompt; undefined if there is none, or the run has said the same.
 *
 * @param shown what came of the run
 */
export function adviceIn(code: string, [problem]: readonly TypeProblem[], shown: readonly Shown[]): string | undefined {
  if (!problem) return undefined
  const { from, to, message } = problem
  const lines = code.slice(0, from).split('\n')
  const place = { line: lines.length - 1, column: lines.at(-1)?.length ?? 0, length: to - from }
  // Its number is beside the underlined code.
  const { sentence, advice } = mistakeSaid(code, { ...place, message, code: 0 })
  const line = lines.length
  if (advice !== undefined && shown.some((each) => speaksOfPromise(each, line))) return undefined
  const says = sentence.replace(/\s*\n\s*/g, ' ')
  return `TypeScript, line ${line}: ${[says, ...(advice === undefined ? [] : [advice])].join(' ')}`
}

/** Whether a run has said of this line that a promise in it was not waited for. */
function speaksOfPromise({ tone, text }: Shown, line: number): boolean {
  const lines = tone === 'plain' ? (/^Lines? ([\d, and]+)\b.*\bpromises?\b/gm.exec(text)?.[1] ?? '') : ''
  return lines.split(/\D+/).includes(String(line))
}
