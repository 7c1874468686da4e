/** `.at`: somebody as they were. */

import { fieldsOf, versionFrom } from '../session/changes'
import { all, text } from '../session/reply'
import type { Command } from './command'

export const at: Command = {
  name: 'at',
  usage: '.at <who> <version>',
  summary: 'somebody as they were at a version',
  example: {
    type: '.at fido 2',
    shows: `fido at version 2 of 3, after TrickAdded:
{ name: 'Fido', tricks: [ 'roll over' ] }`,
  },
  takes: 'somebody',

  async run(session, [who, typed]) {
    const member = await session.one(who)
    const version = versionFrom(typed, member.version)
    const aggregate = await session.load(member, version)
    const name = (await session.members()).label(member.id)
    const event = (await session.school.repository.history(member.id))[version - 1]
    return all(text(`${name} at version ${version} of ${member.version}, after ${event?.name}:`), {
      kind: 'value',
      value: fieldsOf(aggregate),
    })
  },
}
