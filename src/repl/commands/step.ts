/** `.step`: a replay, an event at a time. Each `.step` applies one more. */

import { changeRows, stepAt, versionFrom } from '../session/changes'
import { Refusal } from '../session/refusal'
import { all, type Reply, table, text } from '../session/reply'
import type { Session } from '../session/session'
import type { Command } from './command'

/** How far each session's replay has come. */
const places = new WeakMap<Session, { readonly id: string; readonly version: number }>()

export const step: Command = {
  name: 'step',
  usage: '.step [who [version]]',
  summary: 'replay an event at a time: .step fido, then .step',
  example: {
    type: '.step fido',
    shows: `fido v1 of 3: apply Registered
{ name: 'Fido' }
field   before  after
name            Fido
tricks          []
.step applies version 2.`,
  },
  takes: 'somebody',

  async run(session, [who, typed]): Promise<Reply> {
    const place = places.get(session)
    if (who === undefined && !place && (await session.members()).all.length !== 1)
      throw new Refusal('Who is to be replayed?', 'Try: .step fido')
    const member = await session.one(who ?? place?.id)
    const next = place && who === undefined ? place.version + 1 : 1
    const name = (await session.members()).label(member.id)
    if (typed === undefined && next > member.version) {
      places.delete(session)
      return text(`That was the last event: ${name} is at version ${member.version}. .step ${name} begins again.`)
    }
    const version = typed === undefined ? next : versionFrom(typed, member.version)
    places.set(session, { id: member.id, version })
    const { event, changes } = await stepAt(session, member, version)
    const more = version < member.version ? `.step applies version ${version + 1}.` : 'That was the last one.'
    return all(
      text(`${name} v${version} of ${member.version}: apply ${event.name}`),
      { kind: 'value', value: event.payload },
      table(changeRows(changes), 'It changed nothing in the state.'),
      text(more),
    )
  },
}
