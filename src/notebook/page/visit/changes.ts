/** What is done with a history as a whole: it gets timelines from elsewhere, or begins again. */
import {
  type Before,
  currentOf,
  type History,
  nextName,
  type Played,
  staleOf,
  type Timeline,
  withTimeline,
} from '../../history'
import type { LogEntry, Outcome, Run } from '../../run'

/** A run that goes, and the timeline that it is to be the last of. */
export interface Begun {
  readonly on: Timeline
  readonly run: Run
}

/** Whether anything was done. */
export const isUntouched = ({ timelines }: History): boolean =>
  timelines.every(({ runs, before }) => runs.length === 0 && !before)

/** Adds the timelines of another history of the same text, and shows its current one. Those that were there stay. */
export function adopted(own: History, other: History): History {
  if (isUntouched(own)) return other
  const names = new Map<string, string>()
  for (const { name } of other.timelines) names.set(name, freeName(`link ${name}`, [...own.timelines, ...named(names)]))
  const renamed = (name: string): string => names.get(name) ?? name
  const timelines = other.timelines.map(({ name, from, ...timeline }) => ({
    ...timeline,
    name: renamed(name),
    ...(from && { from: { ...from, timeline: renamed(from.timeline) } }),
  }))
  return { ...own, timelines: [...own.timelines, ...timelines], current: renamed(other.current) }
}

/** Adds a timeline that begins with a database, and shows it. It shares no runs: what was edited on the one before is a draft. */
export function broughtIn(history: History, wanted: string, before: Before): History {
  const name = freeName(wanted, history.timelines)
  const timelines = [...history.timelines, { name, runs: [], before }]
  return { ...history, timelines, current: name, drafts: { ...editsOf(history), ...history.drafts } }
}

/** The code of the cells that have run other code than the lesson's. */
function editsOf(history: History): History['drafts'] {
  const runs = [...staleOf(history).values(), ...currentOf(history).runs]
  return Object.fromEntries(runs.flatMap(({ piece, code }) => (code === undefined ? [] : [[piece, code]])))
}

/** What a timeline is called that begins with what this one has recorded. */
export const readBackName = (name: string): string => `${name}, read back`

/** What to say of a file that is no such database. The store knows its bytes only, and calls them `:memory:`. */
export const notBroughtIn = (file: string, why: string): string =>
  `${file} was not brought in: ${why.replaceAll(':memory:', 'it').replace('name another file', chooseAnother)}`

const chooseAnother = 'choose one that “Save the database” has written here, or npm start -- --db FILE in a terminal'

/** Adds an empty timeline, and shows it. */
export function begunAgain(history: History): History {
  const name = nextName(history)
  return { ...history, timelines: [...history.timelines, { name, runs: [] }], current: name }
}

/** Only the current timeline is left. */
export function onlyCurrent(history: History): History {
  const { from: _, ...current } = currentOf(history)
  return { ...history, timelines: [current] }
}

/** The first run that has recorded other events, played again; undefined if none has. */
export function differsAt(runs: readonly Played[], again: readonly Played[]): number | undefined {
  const at = runs.findIndex(({ outcome }, at) => eventsOf(outcome) !== eventsOf(again[at]?.outcome))
  return at < 0 ? undefined : at
}

/** The timeline for what these runs have recorded, played again, where it is something else from the run at `at` on. */
export function dividedAt(history: History, timeline: Timeline, runs: readonly Played[], at: number): Timeline {
  const { name, from } = timeline
  // Where nothing has been recorded on it yet, it has left the other one earlier than was thought.
  const isNew = from && history.timelines.every((each) => each.name !== name)
  return {
    ...timeline,
    name: nextName(history),
    runs: runs.slice(0, timeline.runs.length),
    from: isNew ? { ...from, runs: Math.min(at, from.runs) } : { timeline: name, runs: at },
  }
}

/** What an aggregate is called may change with what is recorded later. */
const eventsOf = (outcome: Outcome | undefined): string =>
  JSON.stringify(
    outcome?.events.map(({ store, position, version, name, aggregateId, payload }) => [
      store,
      position,
      version,
      name,
      aggregateId,
      payload,
    ]),
  )

/** The history with what the run had recorded by then that was not over when the page was closed. */
export function mended(history: History, events: readonly LogEntry[]): History {
  const timeline = currentOf(history)
  const cut = cutOff(timeline.runs.at(-1) as Played, 'cut off: the page was closed while it ran', events)
  return withTimeline(history, { ...timeline, runs: [...timeline.runs.slice(0, -1), cut] })
}

function cutOff(run: Run, how: string, events: readonly LogEntry[]): Played {
  const text = `This cell was ${how}. What it had recorded by then is in the log. It, or what comes after it, runs next on a new timeline.`
  return { ...run, outcome: { shown: [{ tone: 'problem', text }], asks: false, events, isCut: true } }
}

/** The timeline of what a run has saved that is stopped: the one that it is stopped on goes on without it. */
export function asideOf(history: History, { on, run }: Begun): Timeline {
  const runs = [...on.runs, run]
  if (history.timelines.every(({ name }) => name !== on.name)) return { ...on, runs }
  return { ...on, name: nextName(history), runs, from: { timeline: on.name, runs: on.runs.length } }
}

/** The history with what such a run had saved by then; without its timeline, if that is nothing. */
export function readOff(history: History, timeline: Timeline, events: readonly LogEntry[]): History {
  if (events.length === 0) return { ...history, timelines: history.timelines.filter((each) => each !== timeline) }
  const cut = cutOff(timeline.runs.at(-1) as Played, 'stopped', events)
  return withTimeline(history, { ...timeline, runs: [...timeline.runs.slice(0, -1), cut] })
}

/** The position of the last event in the store of `school`. */
export const lastInStore = ({ runs, before }: Timeline): number =>
  [...(before?.events ?? []), ...runs.flatMap(({ outcome }) => outcome?.events ?? [])]
    .filter(({ store }) => store === undefined)
    .at(-1)?.position ?? 0

/** Without the run that was not over. */
export function withoutCut(history: History): History {
  const timeline = currentOf(history)
  return withTimeline(history, { ...timeline, runs: timeline.runs.filter(({ outcome }) => outcome) })
}

const named = (names: ReadonlyMap<string, string>) => [...names.values()].map((name) => ({ name }))

function freeName(wanted: string, taken: readonly Pick<Timeline, 'name'>[]): string {
  const isFree = (name: string) => taken.every((each) => each.name !== name)
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} (${number})`
    if (isFree(name)) return name
  }
}
