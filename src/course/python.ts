/** Habits of Python, where a complaint of TypeScript shows them: the hint says what TypeScript writes instead. */
import tokens from 'js-tokens'

export type PythonSlip = 'python-self' | 'python-words' | 'python-lists' | 'python-lines' | 'no-const'

interface Complaint {
  readonly message: string
  readonly place?: { readonly code?: string; readonly mark?: number }
  /** Its number. */
  readonly hint?: string
}

/** The hint for it. */
export function slipOfPython({ message, place, hint = '' }: Complaint): PythonSlip | undefined {
  const { code = '', mark = 0 } = place ?? {}
  if (/^ts1\d{3}$/.test(hint)) return slipInLine(code, mark)
  if (/^Parameter '(self|cls)'|^Property '__\w+__'/.test(message)) return 'python-self'
  const [, property = ''] = /^Property '(\w+)' does not exist on type '[^']*\[\]'/.exec(message) ?? []
  if (ofLists.has(property)) return 'python-lists'
  const [, name = ''] = /^Cannot find name '(\w+)'(?!.* instance member)/.exec(message) ?? []
  if (/^(self|cls)$/.test(name)) return 'python-self'
  if (words.has(name)) return 'python-words'
  if (/^(list|sorted|enumerate)$/.test(name)) return 'python-lists'
  if (/^@(property|staticmethod|classmethod)\b/.test(code)) return 'python-lines'
  // A slip of the pen has another name that is nearly the same, and not only but for a capital letter.
  const [, like = name] = /Did you mean '(\w+)'/.exec(message) ?? []
  if (!name || like.toLowerCase() !== name.toLowerCase()) return undefined
  // A line that makes a variable, were it one of Python.
  return new RegExp(`^(${name}\\s*=(?!=)|for\\s*\\(\\s*${name}\\s)`).test(code) ? 'no-const' : undefined
}

/** What is called so in Python, and what it is called here. */
export const words: ReadonlyMap<string, string> = new Map([
  ['print', "`console.log('…')`"],
  ['len', '`.length`, behind a list or a text'],
  ['True', '`true`'],
  ['False', '`false`'],
  ['None', '`undefined`, or `null`'],
  ['str', '`String(…)`, and `string` as a type'],
  ['int', '`Number(…)`, and `number` as a type'],
  ['float', '`Number(…)`, and `number` as a type'],
  ['bool', '`Boolean(…)`, and `boolean` as a type'],
  ['pass', 'nothing: `{}` is an empty block'],
  ['ValueError', '`Error`'],
  ['Exception', '`Error`'],
  ['assert', '`t.equal(…)`, in a test'],
])

const ofLists = new Set(['append', 'copy', 'remove', 'extend', 'insert'])
const operators = new Set(['and', 'or', 'not', 'None', 'raise', 'lambda', 'pass'])

/** Why TypeScript cannot read the line. */
function slipInLine(code: string, mark: number): PythonSlip | undefined {
  const signs = [...tokens(code)]
  // What is left of a text has words that are none of the code.
  if (signs.some((sign) => sign.type === 'StringLiteral' && !sign.closed)) return undefined
  if (/[[(].*\bfor\s+\w+\s+in\b|\[\w*:\w*\]/.test(code)) return 'python-lists'
  if (code[mark] === '#' || LINE.test(code)) return 'python-lines'
  const isWord = ({ type, value }: (typeof signs)[number], at: number) =>
    type === 'IdentifierName' && (operators.has(value) || (value === 'f' && signs[at + 1]?.type === 'StringLiteral'))
  return /^assert\s+[^\s=(]/.test(code) || signs.some(isWord) ? 'python-words' : undefined
}

/** How such a line begins; or a block that begins with a colon, in place of a brace. */
const LINE =
  /^(export\s+)?(async\s+)?def\s|^(\}\s*)?(elif|except)\b|^(if|for|while)\s+[^\s(]|^(\}\s*)?(if|for|while|else|try|finally|with)\b[^{}]*:$|^(export\s+)?class\s+\w+(\s*\(|[^{]*:$)|^from\s.*\simport\s|^("""|''')/
