/** What the picture of the timelines says: which are in it, where one left another, and how they are called. Plain data. */
import { type History, isUnread } from '../../history'
import { eventsIn, logOf, type OfStore } from '../../log-of'
import type { LogEntry } from '../../run'

export interface Lane {
  readonly name: string
  readonly log: readonly LogEntry[]
  /** The timeline that it left, and how many events they share. */
  readonly from?: { readonly name: string; readonly events: number }
  /** The timeline in whose store the database was that it begins with: see `Before`. */
  readonly of?: string
  /** The run that it began with: the piece of its cell, and whether that was cut off. */
  readonly began?: { readonly piece: number; readonly isCut: boolean }
}

/** The timelines for the picture, of their last logs or of this one. */
export const lanesOf = ({ timelines }: History, one?: OfStore): Lane[] =>
  timelines.flatMap((timeline) => {
    if (isUnread(timeline)) return []
    const { name, from, runs, before } = timeline
    const log = logOf(timeline, one)
    const broughtIn = log.filter(({ piece }) => piece < 0).length
    const events = broughtIn + eventsIn(runs.slice(0, from?.runs), log).length
    const first = runs[from?.runs ?? 0]
    return {
      name,
      log,
      ...(from && { from: { name: from.timeline, events } }),
      ...(before?.of !== undefined && { of: before.of }),
      ...(first && { began: { piece: first.piece, isCut: first.outcome?.isCut === true } }),
    }
  })

/** A timeline that was left before its own first event was left, in the picture, by the one that it had left itself. */
export function resolved(lanes: readonly Lane[]): readonly Lane[] {
  const byName = new Map(lanes.map((lane) => [lane.name, lane]))
  return lanes.map((lane) => {
    let { from } = lane
    for (let up = from && byName.get(from.name)?.from; from && up && from.events <= up.events; ) {
      from = { name: up.name, events: from.events }
      up = byName.get(up.name)?.from
    }
    return from ? { ...lane, from } : lane
  })
}

/** The most lanes in the picture. */
const mostLanes = 3

/** The timelines that this one is on, the first, and the newest ones, with those that they left; of those that are alike, one. */
export function drawnOf(lanes: readonly Lane[], current: string): readonly Lane[] {
  const drawn = new Set(shownWith(lanes, current).keys())
  const [first] = lanes
  if (first) drawn.add(first.name)
  const newest = lanes.at(-1)
  for (const lane of lanes.toReversed()) {
    const isAlike = lanes.some((each) => drawn.has(each.name) && saidBy(each) === saidBy(lane))
    const more = [...shownWith(lanes, lane.name).keys()].filter((each) => !drawn.has(each))
    if ((lane === newest || !isAlike) && drawn.size + more.length <= mostLanes) for (const each of more) drawn.add(each)
  }
  return lanes.filter(({ name }) => drawn.has(name))
}

/** All that is different in two logs, but for ids. */
const saidBy = ({ log }: Lane): string => JSON.stringify(log.map(({ name, who, payload }) => [name, who, payload]))

/** The lanes that a timeline is on, and up to which event. */
export function shownWith(lanes: readonly Lane[], current: string): Map<string, number> {
  const shown = new Map<string, number>()
  let events = Number.POSITIVE_INFINITY
  for (let name: string | undefined = current; name !== undefined && !shown.has(name); ) {
    const lane = lanes.find((each) => each.name === name)
    shown.set(name, Math.min(events, lane?.log.length ?? 0))
    events = Math.min(events, lane?.from?.events ?? 0)
    name = lane?.from?.name
  }
  return shown
}

/** How the picture calls one, whose name may be that of a file, and longer than there is room for: by its beginning and end. */
export const labelOf = ({ name }: Pick<Lane, 'name'>): string =>
  name.length > longestLabel ? `${name.slice(0, 9)}…${name.slice(10 - longestLabel)}` : name

const longestLabel = 18

/** Which of them is shown. Their names are not counted on: of six, five may have been deleted. */
export function whichIsShown(lanes: readonly Lane[], current: string): string {
  const others = lanes.length - 1
  const name = /^\d+$/.test(current) ? `timeline ${current}` : labelOf({ name: current })
  return `${name} is shown; ${others === 1 ? 'one other' : `${others} others`}`
}

/** Which cell began a timeline, in few words. */
export function begunWith({ log, began, from, of }: Lane, cellName: (piece: number) => string): string {
  if (!from && of !== undefined) return `what ${of} had saved`
  if (!from && isBroughtIn(log)) return 'a database'
  if (!from || !began) return 'an empty log'
  return `${cellName(began.piece)}${began.isCut ? ', cut off' : ''}`
}

/** @param at how many events of the one that is shown have happened */
export function pictureInWords(lanes: readonly Lane[], current: string, at: number): string {
  return lanes.map((lane) => inWords(lane, lane === lanes[0], lane.name === current ? at : undefined)).join(' ')
}

function inWords({ name, log, from, of }: Lane, isFirst: boolean, at: number | undefined): string {
  const own = log.slice(from?.events ?? 0)
  const origin = from
    ? `left timeline ${from.name} after event ${from.events}`
    : isFirst
      ? 'is the first'
      : of !== undefined
        ? `begins with what timeline ${of} had saved`
        : isBroughtIn(log)
          ? 'begins with a database that was brought in'
          : 'begins on an empty log'
  const names = own.length > 8 ? `${own.length} events` : own.map((entry) => entry.name).join(', ') || 'no event'
  const here = at === undefined ? '' : ` It is shown, at event ${at} of ${log.length}.`
  return `Timeline ${name} ${origin}, and has ${names}${from ? ' of its own' : ''}.${here}`
}

const isBroughtIn = ([first]: readonly LogEntry[]): boolean => first !== undefined && first.piece < 0
