/** Draws the log: time goes to the right, each aggregate has a lane, a mark is an event. It says what does not fit. */
import { inspect } from 'node:util'
import type { Happening } from '../session/reply'
import type { Look } from './look'
import { padded, shortened, widthOf, wrapped } from './width'

const widestName = 16

export function renderTimeline(events: readonly Happening[], form: 'drawn' | 'ascii' | 'words', look: Look): string {
  if (events.length === 0) return "Nothing has happened yet. Try: await school.registerDog('Fido')"
  const lanes = [...new Set(events.map(({ who }) => who))]
  if (form === 'words') return wrapped(events.map(inWords).join('\n'), look.width)
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

/** One aggregate: one line for each event. */
function downwards(events: readonly Happening[], draw: typeof unicode, { width }: Look): string {
  const lines = events.map((event) => {
    const mark = event.version === 1 ? draw.first : draw.event
    return shortened(`v${event.version} ${mark} ${event.name}  ${details(event)}`.trimEnd(), width)
  })
  return [`${events[0]?.who}`, ...lines].join('\n')
}

/** Several aggregates: a lane for each, and a column for each event; only the last events if not all fit. */
function across(events: readonly Happening[], names: readonly string[], draw: typeof unicode, { width }: Look): string {
  const head = Math.min(widestName, Math.max(...names.map((name) => widthOf(name))))
  const digits = Math.max(...events.map(({ version }) => String(version).length))
  const columns = Math.max(4, Math.floor((width - head - digits - 5) / 2))
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
      `${padded(shortened(name, head), head)}  ${begun ? draw.before : ' '}${joined.trimEnd()}  v${places[last]?.version}`,
    ]
  })
  const kinds = [...new Set(shown.map((event) => event.name))].join(', ')
  const legend = `${draw.first} created  ${draw.event} later: ${kinds}`
  const note = left > 0 ? [`${left} earlier events are not shown: .events lists them.`] : []
  const hidden = names.length - lanes.length
  const others =
    hidden > 0 ? [`${hidden} ${hidden === 1 ? 'other' : 'others'} had nothing happen to them in this part.`] : []
  return [...lanes, shortened(legend, width), ...note, ...others].join('\n')
}
