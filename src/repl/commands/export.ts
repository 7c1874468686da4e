/** `.export`: the session as a test, or as a notebook. */

import { Refusal } from '../session/refusal'
import { counted, type Reply, text } from '../session/reply'
import { cellsOf, notebookOf, testOf } from '../session/transcript'
import type { Command } from './command'

export const exporting: Command = {
  name: 'export',
  usage: '.export <test|md> <file>',
  summary: 'this session as a tap test, or as a notebook',
  example: { type: '.export md session.md', shows: `4 lines written to /home/ann/dog-school/session.md.` },
  takes: ['test', 'md'],

  async run(session, [form, ...rest]): Promise<Reply> {
    const file = rest.join(' ')
    if ((form !== 'test' && form !== 'md') || file === '')
      throw new Refusal('Export as what, and where?', 'Try: .export test my.test.ts, or .export md session.md')
    const cells = cellsOf(session)
    const path = session.world.resolve(file)
    if (form === 'md') await session.world.writeText(path, notebookOf(cells))
    else {
      if (session.startedAt > 0)
        throw new Refusal(
          'The store had events before this session, and a test starts with an empty one.',
          'Start with: npm start -- --db :memory:',
        )
      const members = await session.members()
      const isName = (said: string) => members.find(said).some((member) => !member.id.startsWith(said.toLowerCase()))
      await session.world.writeText(path, testOf(cells, session.world.importsFor(path), isName))
    }
    const how = form === 'test' ? ` Run it: npm run test:one ${file}` : ''
    return text(`${counted(cells.length, 'line')} written to ${path}.${how}`)
  },
}
