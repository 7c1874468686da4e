/** `.diff`: what changed between two versions. */

import { changeRows, changesBetween, versionFrom } from '../session/changes'
import { all, table, text } from '../session/reply'
import type { Command } from './command'

export const diff: Command = {
  name: 'diff',
  usage: '.diff <who> <v1> [v2]',
  summary: 'what changed between two versions',
  example: {
    type: '.diff fido 1 2',
    shows: `fido, from version 1 to version 2:
field   before  after
tricks  []      [ 'roll over' ]`,
  },
  takes: 'somebody',

  async run(session, [who, first, second]) {
    const member = await session.one(who)
    const from = versionFrom(first, member.version)
    const to = versionFrom(second ?? String(member.version), member.version)
    const [before, after] = [await session.load(member, from), await session.load(member, to)]
    const name = (await session.members()).label(member.id)
    return all(
      text(`${name}, from version ${from} to version ${to}:`),
      table(changeRows(changesBetween(before, after)), 'No field is different.'),
    )
  },
}
