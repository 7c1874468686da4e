/** Draws the log: time goes to the right, each aggregate has a lane, a mark is an event. What does not fit is told. */
import { inspect } from 'node:util'
import stringWidth from 'string-width'
import type { Happening } from '../session/reply'
import type { Look } from './look'

const widestName = 16

export function renderTimeline(events: readonly Happening[], form: 'drawn' | 'ascii' | 'words', look: Look): string {
  if (events.length === 0) return "Nothing has happened yet. Try: await school.registerDog('Fido')"
  const lanes = [...new Set(events.map(({ who }) => who))]
  if (form === 'words') return events.map(inWords).join('\n')
  const draw = form === 'ascii' || !look.unicode ? ascii : unicode
  return lanes.length === 1 ? downwards(events, draw, look) : across(events, lanes, draw, look)
}

const unicode = { first: '●', event: '○', line: '─', before: '┄', down: '│' }
const ascii = { first: '@', event: 'o', line: '-', before: '.', down: '|' }

const details = ({ payload }: Happening): string =>
  Object.entries(payload)
    .map(([key, value]) => `${key} ${inspect(value, { breakLength: Number.POSITIVE_INFINITY })}`)
    .join(', ')

const inWords = (event: Happening): string =>
  `${event.id}. ${event.who}, version ${event.version}: ${event.name}${details(event) ? `, ${details(event)}` : ''}.`

/** One aggregate: an event a line. */
function downwards(events: readonly Happening[], draw: typeof unicode, { width }: Look): string {
  const lines = events.map((event) => {
    const line =
      `v${event.version} ${event.version === 1 ? draw.first : draw.event} ${event.name}  ${details(event)}`.trimEnd()
    return line.length > width ? `${line.slice(0, width - 3)}...` : line
  })
  return [`${events[0]?.who}`, ...lines].join('\n')
}

/** Several: a lane each, a column an event; the last ones where all do not fit. */
function across(events: readonly Happening[], names: readonly string[], draw: typeof unicode, { width }: Look): string {
  const head = Math.min(widestName, Math.max(...names.map((name) => stringWidth(name))))
  const columns = Math.max(4, Math.floor((width - head - 4) / 2))
  const shown = events.slice(-columns)
  const left = events.length - shown.length
  const lanes = names.flatMap((name) => {
    const places = shown.map((event) => (event.who === name ? event : undefined))
    const first = places.findIndex(Boolean)
    if (first < 0) return []
    const last = places.findLastIndex(Boolean)
    const begun = (places[first]?.version ?? 1) > 1
    const marks = places.map((event, i) => {
      if (event) return event.version === 1 ? draw.first : draw.event
      return (i > first || begun) && i < last ? draw.line : ' '
    })
    const joined = marks.map((mark, i) => (i < last && (i >= first || begun) ? mark + draw.line : `${mark} `)).join('')
    return [
      `${name.slice(0, head).padEnd(head)}  ${begun ? draw.before : ' '}${joined.trimEnd()}  v${places[last]?.version}`,
    ]
  })
  const kinds = [...new Set(shown.map((event) => event.name))].join(', ')
  const legend = `${draw.first} created  ${draw.event} later: ${kinds}`
  const note = left > 0 ? [`${left} earlier events are not shown: .events lists them.`] : []
  const hidden = names.length - lanes.length
  const others = hidden > 0 ? [`${hidden} others had nothing happen to them in this part.`] : []
  return [...lanes, legend.length > width ? `${legend.slice(0, width - 3)}...` : legend, ...note, ...others].join('\n')
}
