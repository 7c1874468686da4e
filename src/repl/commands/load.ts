/** `.load`: runs a file as if it had been typed. */
import { cellsOfIpynb, IpynbError } from '../../course/ipynb'
import { Refusal } from '../session/refusal'
import { all, counted, failed, nothing, type Reply, text, valueIn } from '../session/reply'
import type { Session } from '../session/session'
import type { Command } from './command'

export const load: Command = {
  name: 'load',
  usage: '.load <file>',
  summary: 'run a file of TypeScript, or a Jupyter notebook, as if you typed it',
  example: { type: '.load trick.ts', shows: '+1 TrickAdded · fido v4' },
  takes: 'file',

  async run(session, _words, rest) {
    if (rest === '') throw new Refusal('Load which file?', 'Try: .load my-school/dog.ts')
    const file = session.world.resolve(rest)
    const written = await session.world.readText(file)
    return file.endsWith('.ipynb') ? runNotebook(session, file, written) : session.evaluate(written)
  },
}

/** Shows its prose, and runs its cells until one fails. */
async function runNotebook(session: Session, file: string, written: string): Promise<Reply> {
  const cells = cellsIn(file, written).filter(({ text, isForKernel }) => !isForKernel && text.trim() !== '')
  const replies: Reply[] = []
  for (const [at, cell] of cells.entries()) {
    if (cell.kind === 'prose') {
      const prose: Reply = { kind: 'prose', markdown: cell.text, goesOn: false }
      session.lines.push({ text: cell.text, reply: prose, recorded: [], last: session.lines.at(-1)?.last ?? 0 })
      replies.push(prose)
      continue
    }
    const reply = await session.evaluate(cell.text)
    replies.push({ kind: 'cell', code: cell.text }, asItIs(reply))
    if (!failed(reply)) continue
    const left = cells.slice(at + 1).filter(({ kind }) => kind === 'code').length
    replies.push(left > 0 ? text(`The ${counted(left, 'cell')} behind it did not run.`) : nothing)
    break
  }
  return replies.length > 0 ? all(...replies) : text(`There is nothing in ${file}.`)
}

/** A later cell may change a value before it is drawn. */
function asItIs(reply: Reply): Reply {
  if (reply.kind === 'all') return all(...reply.replies.map(asItIs))
  return reply.kind === 'value' ? { kind: 'code', text: valueIn(reply) ?? '', language: 'ts' } : reply
}

function cellsIn(file: string, written: string) {
  try {
    return cellsOfIpynb(written)
  } catch (error) {
    if (!(error instanceof IpynbError)) throw error
    throw new Refusal(`${file}: ${error.message}`, error.next)
  }
}
