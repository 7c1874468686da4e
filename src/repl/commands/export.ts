/** `.export`: the session as a test, or as a notebook. */

import { dirname, join } from 'node:path'
import { ipynbOf } from '../../course/ipynb'
import { forKernel } from '../session/for-kernel'
import { Refusal } from '../session/refusal'
import { counted, type Reply, text } from '../session/reply'
import type { Session } from '../session/session'
import { cellsOf, notebookOf, pagesOf, testOf } from '../session/transcript'
import type { Command } from './command'

export const exporting: Command = {
  name: 'export',
  usage: '.export <test|md|ipynb> <file>',
  summary: 'this session as a tap test, as markdown, or as a Jupyter notebook',
  example: { type: '.export md session.md', shows: `4 lines written to /home/ann/dog-school/session.md.` },
  takes: ['test', 'md', 'ipynb'],

  async run(session, [form = '', ...rest]): Promise<Reply> {
    const file = rest.join(' ')
    const written = forms[form]
    if (!written || file === '')
      throw new Refusal(
        'Export as what, and where?',
        'Try: .export test my.test.ts, .export md session.md, or .export ipynb session.ipynb',
      )
    const count = cellsOf(session).length
    const path = session.world.resolve(file)
    await session.world.writeText(path, await written(session, path))
    return text(`${counted(count, 'line')} written to ${path}.${hints[form]?.(session, file) ?? ''}`)
  },
}

const forms: Readonly<Record<string, (session: Session, path: string) => string | Promise<string>>> = {
  md: (session) => notebookOf(cellsOf(session)),
  ipynb: asIpynb,
  test: asTest,
}
const hints: Readonly<Record<string, (session: Session, file: string) => string>> = {
  ipynb: ({ startedAt }) =>
    ` Jupyter opens it, and so does .load.${startedAt > 0 ? ' What was in the store before this session is not in it.' : ''}`,
  test: (_, file) => ` Run it: npm run test:one ${file}`,
}

async function asTest(session: Session, path: string): Promise<string> {
  if (session.startedAt > 0)
    throw new Refusal(
      'The store had events before this session, and a test starts with an empty one.',
      'Start with: npm start -- --db :memory:',
    )
  const members = await session.members()
  const isName = (said: string) => members.find(said).some((member) => !member.id.startsWith(said.toLowerCase()))
  return testOf(cellsOf(session), session.world.importsFor(path), isName)
}

async function asIpynb(session: Session, path: string): Promise<string> {
  // Everything that opens notebooks knows them by it.
  if (!path.endsWith('.ipynb'))
    throw new Refusal(
      `The name of a notebook ends with .ipynb, and ${path} does not.`,
      'Try: .export ipynb session.ipynb',
    )
  const { world } = session
  const read = (module: string) => world.readText(join(dirname(path), `${module}.ts`))
  return ipynbOf(await forKernel(pagesOf(session), { imports: world.importsFor(path), read }))
}
