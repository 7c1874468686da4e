/** `.why`: which event gave a field its value. */
import type { DomainEvent } from 'dog-school'
import { fieldsOf, stepAt } from '../session/changes'
import type { Member } from '../session/members'
import { Refusal } from '../session/refusal'
import { all, type Reply, text } from '../session/reply'
import type { Session } from '../session/session'
import type { Command } from './command'

export const why: Command = {
  name: 'why',
  usage: '.why <who> <field>',
  summary: 'which event gave a field its value',
  example: {
    type: '.why fido tricks',
    shows: `{ tricks: [ 'roll over', 'play dead' ] }
because of TrickAdded, version 3:
{ trick: 'play dead' }
It came from the line: await school.addTrick(fido, 'play dead')`,
  },
  takes: 'somebody',
  takesField: true,

  async run(session, [who, field]): Promise<Reply> {
    const member = await session.one(who)
    const state = fieldsOf(await session.load(member))
    const fields = Object.keys(state).join(', ')
    if (field === undefined)
      throw new Refusal(`Which field? There is: ${fields}.`, `Try: .why ${who} ${Object.keys(state)[0]}`)
    if (!(field in state)) throw new Refusal(`There is no field '${field}'. There is: ${fields}.`)
    const event = await cause(session, member, field)
    if (!event) return text(`No event has changed ${field}.`)
    return all(
      { kind: 'value', value: { [field]: state[field] } },
      text(`because of ${event.name}, version ${event.version}:`),
      { kind: 'value', value: event.payload },
      text(whence(session, member, event.version)),
    )
  },
}

/** The last event that changed a field: looked for from the newest backwards. */
async function cause(session: Session, member: Member, field: string): Promise<DomainEvent | undefined> {
  for (let { version } = member; version >= 1; version--) {
    const { event, changes } = await stepAt(session, member, version)
    if (changes.some((change) => change.field === field)) return event
  }
  return undefined
}

/** The line of this session that recorded a version, or that it was another one. */
function whence({ lines }: Session, { positions }: Member, version: number): string {
  const position = positions[version - 1] ?? 0
  const line = lines.find(({ recorded }) => recorded.includes(position))
  return line ? `It came from the line: ${line.text.split('\n')[0]}` : 'It was recorded before this session.'
}
