/** Compares what was noted with what is there: each sentence that is returned is a promise that was broken. */
import type { Notification } from 'dog-school'
import { SEATS } from './domain'
import type { Noted, Seen } from './notes'

/** What an event is called: see domain.ts. */
const nameOf = ({ state }: Notification): string | undefined => {
  const { trick, student } = JSON.parse(String(state))
  return student ?? trick
}

const isTrick = ({ topic }: Notification) => topic.endsWith('TrickAdded')

/** The first few are enough. */
const some = (all: readonly unknown[]) =>
  `${all.slice(0, 5).join(', ')}${all.length > 5 ? ` and ${all.length - 5} more` : ''}`

/** @param log all events, read after the notes were */
export function judge(log: readonly Notification[], { outcomes, seen, errors }: Noted): string[] {
  const wrong: string[] = []
  const must = (sentence: string, found: readonly unknown[]) => {
    if (found.length > 0) wrong.push(`${sentence}: ${some(found)}`)
  }
  const positions = new Map<string, number>()
  const twice: string[] = []
  for (const event of log) {
    const name = nameOf(event)
    if (name === undefined) continue
    if (positions.has(name)) twice.push(`${name} at ${positions.get(name)} and ${event.id}`)
    positions.set(name, event.id)
  }
  must('recorded twice', twice)
  const of = (result: string) => outcomes.filter((outcome) => outcome.result === result)
  const acknowledged = of('acknowledged')
  must(
    'acknowledged and lost',
    acknowledged.flatMap(({ names }) => names.filter((name) => !positions.has(name))),
  )
  must(
    'acknowledged at another position',
    acknowledged.flatMap(({ names, positions: own = [] }) => {
      // Of what has no name, such as the registration of a dog, the positions come before them.
      const ofNames = own.slice(-names.length)
      return names.filter((name, at) => positions.has(name) && positions.get(name) !== ofNames[at])
    }),
  )
  must(
    'refused and recorded',
    of('refused').flatMap(({ names, code }) =>
      names.filter((name) => positions.has(name)).map((name) => `${name} (${code})`),
    ),
  )
  must(
    'recorded by half',
    outcomes
      .filter(({ names }) => new Set(names.map((name) => positions.has(name))).size > 1)
      .map(({ names }) => names),
  )
  must(
    'out of order',
    log.filter(({ id }, at) => at > 0 && id <= log[at - 1]!.id).map(({ id }) => id),
  )
  must('versions with a gap', versionGaps(log))
  must('boundaries crossed', coursesCrossed(log))
  for (const [follower, its] of seen) must(`${follower} missed, or saw what is not there`, differences(its, log))
  must('unexpected errors', [...new Set(errors)])
  return wrong
}

function versionGaps(log: readonly Notification[]): string[] {
  const last = new Map<string, number>()
  return log.flatMap(({ aggregateId, version }) => {
    const expected = (last.get(aggregateId) ?? 0) + 1
    last.set(aggregateId, version)
    return version === expected ? [] : [`${aggregateId} ${version} in place of ${expected}`]
  })
}

function coursesCrossed(log: readonly Notification[]): string[] {
  const students = new Map<string, number>()
  const opened: string[] = []
  for (const { topic, state } of log) {
    const { course } = JSON.parse(String(state))
    if (topic.endsWith('CourseOpened')) opened.push(course)
    if (topic.endsWith('Enrolled')) students.set(course, (students.get(course) ?? 0) + 1)
  }
  return [
    ...opened.filter((course, at) => opened.lastIndexOf(course) !== at).map((course) => `${course} was opened twice`),
    ...[...students].filter(([, many]) => many > SEATS).map(([course, many]) => `${course} has ${many} students`),
  ]
}

/** What a follower saw must be the log up to the last position that it saw. */
function differences(seen: readonly Seen[], log: readonly Notification[]): string[] {
  const last = seen.at(-1)?.[0] ?? 0
  const there = log
    .filter(({ id }) => id <= last)
    .map(({ id, aggregateId, version }) => `${id} ${aggregateId} ${version}`)
  const its = seen.map((each) => each.join(' '))
  if (its.join() === there.join()) return []
  const [had, has] = [new Set(its), new Set(there)]
  const missed = there.filter((each) => !had.has(each)).map((each) => `missed ${each}`)
  const gone = its.filter((each) => !has.has(each)).map((each) => `saw ${each}`)
  return missed.length + gone.length > 0 ? [...missed.slice(0, 3), ...gone] : ['another order']
}

/** Each trick must be noted by the office once, in their order. */
export function judgeOffice(log: readonly Notification[], office: readonly Notification[]): string[] {
  const tricks = log.filter(isTrick).map((event) => `${nameOf(event)} of ${event.id}`)
  const noted = office
    .map(({ state }) => JSON.parse(String(state)))
    .map(({ trick, position }) => `${trick} of ${position}`)
  const wrong: string[] = []
  const all = new Set(noted)
  const missed = tricks.filter((each) => !all.has(each))
  const twice = noted.filter((each) => !all.delete(each))
  if (missed.length > 0) wrong.push(`missed by the process application: ${some(missed)}`)
  if (twice.length > 0) wrong.push(`processed twice: ${some(twice)}`)
  if (wrong.length === 0 && tricks.join() !== noted.join())
    wrong.push('processed in another order, or what is not there')
  return wrong
}

/** A view must be the fold of the log. */
export function judgeView(log: readonly Notification[], rows: ReadonlyMap<string, unknown>): string[] {
  const fold = new Map<string, readonly [number, string]>()
  for (const event of log.filter(isTrick)) {
    const [count] = fold.get(event.aggregateId) ?? [0]
    fold.set(event.aggregateId, [count + 1, nameOf(event)!])
  }
  const [is, should] = [rows, fold].map((each) => JSON.stringify([...each].sort(([a], [b]) => (a < b ? -1 : 1))))
  return is === should ? [] : [`the view is ${is}, and should be ${should}`]
}
