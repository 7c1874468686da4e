/** What somebody meant who typed a name that is not known: a command without its dot, a word of another language, a new variable. */
import { words as ofPython } from '../../course/python'
import { findCommand } from '../commands'
import { failed, type Reply } from '../session/reply'

/** What is called so elsewhere, and what it is called at a prompt. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ...ofPython,
  ['print', `${ofPython.get('print')}; at this prompt, the value of a line is shown by itself`],
  ['self', '`this`'],
  ['quit', '.exit'],
])

/** A sentence about a line that failed, if it is known what was meant. */
export function adviceOn(typed: string, reply: Reply): string | undefined {
  if (!failed(reply)) return undefined
  const last = /\n\s*\.([a-z]+)\s*$/.exec(typed)?.[1]
  if (last !== undefined && findCommand(last))
    return `.${last} was read as a part of the input above it. Type it once more, alone.`
  const [, first = '', call = '', rest = ''] = /^\s*([a-z]+)\b(\(\s*\))?\s*;?\s*(.*)$/s.exec(typed) ?? []
  const command = findCommand(first)
  const unknown = unknownIn(reply)
  // `at fido 1` is not even code, and `type` is a word of the language.
  const isCommand = command && (call !== '' || /^[\w' -]*$/.test(rest)) && (unknown === undefined || unknown === first)
  if (isCommand) return `Did you mean .${command.name}${rest === '' ? '' : ` ${rest}`}? Commands begin with a dot.`
  if (unknown === undefined) return undefined
  const name = elsewhere.get(unknown)
  if (name !== undefined) return `Here, \`${unknown}\` is ${name}.`
  if (new RegExp(`^\\s*${unknown}\\s*=(?![=>])`).test(typed))
    return `A new name is declared first: const ${typed.trim()}`
  return undefined
}

/** The name that stands for nothing, if this is what is wrong. */
function unknownIn(reply: Reply): string | undefined {
  if (reply.kind === 'all') return reply.replies.map(unknownIn).find((name) => name !== undefined)
  if (reply.kind === 'mistakes') return /^Cannot find name '([\w$]+)'/.exec(reply.mistakes[0]?.message ?? '')?.[1]
  return reply.kind === 'problem' ? /^ReferenceError: ([\w$]+) is not defined/.exec(reply.says)?.[1] : undefined
}
