/** `.boundary`: what a line reads to decide, and what another writer would have to record to be in its way; on a copy. */
import type { QueryItem } from '../../port/query'
import type { StoredEvent } from '../../port/recorder'
import { type Heard, hearing } from '../session/hearing'
import { eventOf, type Members } from '../session/members'
import { Refusal } from '../session/refusal'
import { all, counted, failed, type Reply, type Row, table, text } from '../session/reply'
import { onCopy } from '../session/sandbox'
import type { Session } from '../session/session'
import type { Command } from './command'

/** How many events are shown, the newest ones. */
const most = 20

export const boundary: Command = {
  name: 'boundary',
  usage: '.boundary <expression>',
  summary: 'what a line reads to decide, and who could be in its way',
  example: {
    type: ".boundary await school.addTrick(idOf('fido'), 'sit')",
    shows: `#  read  who     version  event       name    trick
1  *     fido          1  Registered  Fido
2  *     fido          2  TrickAdded          roll over
3  *     fido          3  TrickAdded          play dead
4        buster        1  Registered  Buster
It reads the history of fido, which has 3 events.
It would record TrickAdded (version 4 of fido).
Another writer is in its way only with:
  version 4 of fido      whatever it is
That was on a copy: nothing was recorded.`,
  },
  takes: 'code',

  async run(session, _words, rest) {
    if (rest === '')
      throw new Refusal('The boundary of what?', "Try: .boundary await school.addTrick(idOf('fido'), 'sit')")
    return onCopy(session, () => boundaryOf(session, rest))
  },
}

async function boundaryOf(session: Session, line: string): Promise<Reply> {
  await session.members() // Whoever is here is known by name, so that nothing is read for that.
  const log = await session.history()
  const { result, heard } = await hearing(session.school.recorder, () => session.evaluate(line))
  if (heard.length === 0 && failed(result)) return result
  const members = await session.members()
  const last = heard.findLastIndex(({ kind }) => kind === 'append')
  // What is read after the last append decides nothing.
  const steps = last < 0 ? heard : heard.slice(0, last + 1)
  const read = new Set(steps.flatMap((step) => positionsOf(step, members)))
  const rows = log.slice(-most).map(({ id, name, aggregateId, version, payload }): Row => {
    return { '#': id, read: read.has(id) ? '*' : '', who: members.label(aggregateId), version, event: name, ...payload }
  })
  const left = log.length - rows.length
  return all(
    table(rows, 'Nothing has happened yet.'),
    ...(left > 0 ? [text(`${counted(left, 'earlier event')} are not shown.`)] : []),
    ...readings(steps, members).map(text),
    ...(last < 0 ? [text('It records nothing.')] : conflicts(steps, members)),
    ...(failed(result) ? [result] : []),
    text('That was on a copy: nothing was recorded.'),
  )
}

function positionsOf(step: Heard, members: Members): readonly number[] {
  if (step.kind === 'append') return []
  if (step.kind !== 'history') return step.positions
  const [own] = members.find(step.id)
  return step.versions.map((version) => own?.positions[version - 1] ?? 0)
}

/** A sentence for each thing that it reads. */
function readings(steps: readonly Heard[], members: Members): string[] {
  const histories = new Map<string, number>()
  for (const step of steps)
    if (step.kind === 'history') histories.set(step.id, Math.max(histories.get(step.id) ?? 0, step.versions.length))
  const found = (kind: 'query' | 'log') => {
    const own = steps.filter((step) => step.kind === kind) as { positions: readonly number[] }[]
    return own.length > 0 ? new Set(own.flatMap(({ positions }) => positions)).size : undefined
  }
  const [queried, looked] = [found('query'), found('log')]
  const sentences = [...histories].map(([id, count]) =>
    count > 0
      ? `It reads the history of ${members.label(id)}, which has ${counted(count, 'event')}.`
      : `It looks for ${id}, which is no id of anybody here.`,
  )
  if (queried !== undefined) sentences.push(`It reads what its query selects: ${counted(queried, 'event')}.`)
  if (looked !== undefined)
    sentences.push(
      `It looks at ${counted(looked, 'event')} of the log. Nothing protects what it sees there: others may record more before it does.`,
    )
  return sentences.length > 0 ? sentences : ['It reads nothing.']
}

/** What it would record, and what another writer would have to record before that. */
function conflicts(steps: readonly Heard[], members: Members): Reply[] {
  const appends = steps.filter((step) => step.kind === 'append')
  const events = appends.flatMap((append) => append.events)
  const place = ({ aggregateId, version }: StoredEvent) =>
    `${version === 0 ? 'the next version' : `version ${version}`} of ${members.label(aggregateId)}`
  const what = events.map((event) => eventOf(event.topic) + (event.topic.includes('.') ? ` (${place(event)})` : ''))
  const versions = events
    .filter(({ version }) => version > 1)
    .map((event) => ({ name: place(event), says: 'whatever it is' }))
  const queries = appends.flatMap(({ options: { failIfEventsMatch: query = [], after = 0 } }) =>
    query.map((item) => ({ name: eventsIn(item), says: whichOf(item, after) })),
  )
  const entries = [...versions, ...queries]
  return [
    text(`It would record ${what.join(', ')}.`),
    entries.length > 0
      ? { kind: 'entries', title: 'Another writer is in its way only with:', entries }
      : text('Nobody can be in its way.'),
  ]
}

const eventsIn = ({ topics }: QueryItem): string =>
  topics ? [...new Set(topics.map(eventOf))].join(', ') : 'any event'
const whichOf = ({ tags = [] }: QueryItem, after: number): string =>
  [...(tags.length > 0 ? [`tagged ${tags.join(' and ')}`] : []), after > 0 ? `after #${after}` : 'at any time'].join(
    ', ',
  )
