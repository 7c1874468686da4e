/** The timelines of a lesson in one picture: where one left another, and what happened on each. */
import { Fold, useRoomFor } from '../common/fold'
import { useKeys } from '../common/single-keys'
import { What } from '../common/what'
import { MENU } from '../keep/menu'
import { begunWith, drawnOf, type Lane, labelOf, pictureInWords, resolved, shownWith, whichIsShown } from './lanes'

interface Properties {
  /** In the order in which they were begun. */
  readonly lanes: readonly Lane[]
  /** The name of the one that is shown. */
  readonly current: string
  /** How many of its events have happened. */
  readonly at: number
  readonly go: (name: string) => void
  readonly cellName: (piece: number) => string
}

export function Timelines({ lanes: begun, current, at, go, cellName }: Properties) {
  const lanes = resolved(begun)
  const drawn = drawnOf(lanes, current)
  const first = lanes[0]?.name ?? current
  // From the first one, it goes to the newest.
  const other = current === first ? (lanes.at(-1)?.name ?? first) : first
  const areKeysOn = useKeys({ t: () => go(other) })
  const rest = lanes.filter((lane) => !drawn.includes(lane))
  const button = (lane: Lane) => {
    const { name } = lane
    const by = name === first ? 'the first' : `begun with ${begunWith(lane, cellName)}`
    return (
      <button
        key={name}
        type="button"
        aria-pressed={name === current}
        onClick={() => go(name)}
        aria-keyshortcuts={name === other && areKeysOn ? 't' : undefined}
      >
        <span class="hidden">
          Timeline {name}, {by}
        </span>
        <span aria-hidden="true">
          {labelOf(lane)}
          {rest.includes(lane) && ` · ${begunWith(lane, cellName)}`}
        </span>
        {name === other && areKeysOn && (
          <>
            {' '}
            <kbd>t</kbd>
          </>
        )}
      </button>
    )
  }
  const kinds = [...new Set(drawn.flatMap(({ log }) => log.map(({ name }) => name)))]
  return (
    <Fold class="timelines" title="Timelines" note={whichIsShown(lanes, current)} hasRoom={useRoomFor('44rem')}>
      <figure>
        <Picture lanes={drawn} kinds={kinds} current={current} at={at} />
        <div class="names">{drawn.map(button)}</div>
        <figcaption>
          <ul class="legend" aria-hidden="true">
            {kinds.map((kind, at) => (
              <li key={kind}>
                <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
                  <Mark kind={at} state="past" x={0} y={0} isHere={false} />
                </svg>{' '}
                {kind}
              </li>
            ))}
          </ul>
          <p id="timelines-words" class="hidden" aria-hidden="true">
            {pictureInWords(drawn, current, at)}
          </p>
          <What name="a timeline">
            It is one log of this lesson. Whoever runs a cell again begins another, which shares what happened before
            that cell. Choose one to go back to it: none is lost. “{MENU}” deletes the others together.
          </What>
        </figcaption>
      </figure>
      {rest.length > 0 && (
        <details class="rest">
          <summary>
            {rest.length} earlier {rest.length === 1 ? 'timeline' : 'timelines'}, and what began each
          </summary>
          <div class="moves">{rest.map(button)}</div>
        </details>
      )}
    </Fold>
  )
}

/** Between two events, between two lanes, and around them all. */
const [gap, height, margin] = [18, 28, 14]
/** How far one lane is from where it left another one, before it goes straight on. */
const bent = gap * 0.8
/** The most events that are beside one another. */
const most = 12

interface PictureProperties extends Omit<Properties, 'go' | 'cellName'> {
  /** The names of the events, each of which has a shape. */
  readonly kinds: readonly string[]
}

function Picture({ lanes, kinds, current, at }: PictureProperties) {
  const longest = Math.max(1, ...lanes.map(({ log }) => log.length))
  const start = Math.max(0, Math.min(at - most / 2, longest - most))
  const x = (events: number) => margin + Math.max(0, events - start) * gap
  const y = (name: string) => margin + lanes.findIndex((lane) => lane.name === name) * height
  const shown = shownWith(lanes, current)
  const isSeen = (events: number) => events > start && events <= start + most
  const end = Math.min(longest, start + most)
  const size = { width: x(end) + margin, height: lanes.length * height }
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: its name is in words
    <svg
      role="img"
      aria-labelledby="timelines-words"
      viewBox={`0 0 ${size.width} ${size.height}`}
      // Where it has less room, the other end is cut off.
      preserveAspectRatio={`${at - start < most / 2 ? 'xMin' : 'xMax'}YMin slice`}
      {...size}
    >
      {[...lanes]
        .sort((one, two) => Number(shown.has(one.name)) - Number(shown.has(two.name)))
        .map((lane) => (
          <path
            key={lane.name}
            class={lane.name === current ? 'lane current' : 'lane'}
            d={pathOf(lane, { x, y, start, end })}
          />
        ))}
      {shown.has(current) &&
        trunkOf(lanes, current, { x, y, start, end }).map((d) => <path key={d} class="lane current" d={d} />)}
      {lanes.map(({ name, log, from }) =>
        log.slice(from?.events ?? 0).map((entry, after) => {
          const events = (from?.events ?? 0) + after + 1
          if (!isSeen(events)) return null
          const isOn = events <= (shown.get(name) ?? 0)
          const state = isOn ? (events <= at ? 'past' : 'later') : 'other'
          return (
            <Mark
              key={`${name} ${events}`}
              kind={kinds.indexOf(entry.name)}
              state={state}
              x={x(events)}
              y={y(name)}
              isHere={isOn && events === at}
            />
          )
        }),
      )}
    </svg>
  )
}

interface Places {
  readonly x: (events: number) => number
  readonly y: (name: string) => number
  /** The first and the last number of events that have room. */
  readonly start: number
  readonly end: number
}

/** The part of a lane that is its own, from where it left another one. */
function pathOf({ name, log, from }: Lane, { x, y, start, end }: Places): string {
  const [begin, last] = [x(Math.max(from?.events ?? 0, start)), x(Math.min(log.length, end))]
  if (!from) return `M${begin},${y(name)}H${last}`
  const bend = begin + bent
  return `M${begin},${y(from.name)}C${begin + gap / 2},${y(from.name)} ${begin + gap / 4},${y(name)} ${bend},${y(name)}H${Math.max(bend, last)}`
}

/** The parts of other lanes that lead to this one. */
function trunkOf(lanes: readonly Lane[], current: string, { x, y, start, end }: Places): string[] {
  return [...shownWith(lanes, current)].flatMap(([name, events]) => {
    const lane = lanes.find((each) => each.name === name) as Lane
    if (name === current) return []
    const until = { ...lane, log: lane.log.slice(0, events) }
    return pathOf(until, { x, y, start, end: Math.min(end, events) })
  })
}

interface MarkProperties {
  /** The kind of its event, by its place in the legend. */
  readonly kind: number
  readonly state: 'past' | 'later' | 'other'
  readonly x: number
  readonly y: number
  readonly isHere: boolean
}

/** Every kind of event has a shape of its own, as far as there are shapes. */
const shapes = [
  'M-4.2,0A4.2,4.2 0 1 1 4.2,0A4.2,4.2 0 1 1 -4.2,0Z',
  'M-3.8,-3.8H3.8V3.8H-3.8Z',
  'M0,-5L5,0L0,5L-5,0Z',
  'M0,-4.8L4.8,3.8H-4.8Z',
  'M0,4.8L4.8,-3.8H-4.8Z',
  'M-2.4,-4.5H2.4L4.8,0L2.4,4.5H-2.4L-4.8,0Z',
]

const Mark = ({ kind, state, x, y, isHere }: MarkProperties) => (
  <g transform={`translate(${x},${y})`}>
    {isHere && <circle class="here" r="8" />}
    <path class={`mark ${state}`} d={shapes[Math.min(kind, shapes.length - 1)] as string} />
  </g>
)
