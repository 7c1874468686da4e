/** The state of the aggregate that the event at a position belongs to, as the difference that this event made. */
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import type { LogEntry } from '../../run'
import type { Field, Item, StateAt } from '../../sights'
import { TypeScript } from '../common/code'
import { useRoom } from '../common/room'
import { What } from '../common/what'
import { type Cut, type NeedsCells, whyNoState } from './log-words'

interface Properties {
  /** The event; undefined before the first one. */
  readonly entry: LogEntry | undefined
  /** Undefined until the worker has said it, or if it knows none. */
  readonly state: StateAt | undefined
  /** Whether it is still that of another event. */
  readonly isLate: boolean
  /** Whether it is of a cell that was cut off, which is not played again. */
  readonly cut: Cut | undefined
  /** Why only the cells can say it. */
  readonly needs: NeedsCells | undefined
  /** Reads the events that are there as those of a database; undefined where nothing may change. */
  readonly readBack: (() => void) | undefined
  /** Plays the runs of the timeline; undefined where nothing may run. */
  readonly play: (() => void) | undefined
}

export function State({ entry, state, isLate, cut, needs, readBack, play }: Properties) {
  const strip = useRef<HTMLElement>(null)
  const act = cut ? readBack : play
  const { why, offer } = whyNoState(cut, needs)
  useRoom(strip, '--strip')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section ref={strip} class="state" aria-label="State" aria-busy={isLate} tabIndex={0}>
      {entry ? (
        <h2>
          <span class="state-who">{entry.who}</span> at version <span class="version">{entry.version}</span>
        </h2>
      ) : (
        <h2>Before the first event</h2>
      )}
      {!entry && <p class="note">Nobody is here yet.</p>}
      {entry && state && state.fields.length > 0 && (
        <dl>
          {state.fields.map((field) => (
            <Drawn key={field.name} field={field} />
          ))}
        </dl>
      )}
      {entry && !isLate && (!state || cut === 'here') && (
        <p class="note">
          {why}{' '}
          {act && offer !== undefined && (
            <button
              type="button"
              onClick={() => {
                // It goes away, and the focus must not be lost with it.
                strip.current?.focus()
                act()
              }}
            >
              {offer}
            </button>
          )}
        </p>
      )}
      {entry && state?.note !== undefined && <p class="note">{state.note}</p>}
      <What name="this state">
        Who the event at the slider’s position belongs to, as he was after it: replayed from his events. What this event
        added has a +, what it took away a −.
      </What>
    </section>
  )
}

const Drawn = ({ field: { name, change, open, items, close } }: { readonly field: Field }) => (
  <div class={`field ${change}`}>
    <dt>
      <Marked change={change === 'gone' ? 'removed' : change === 'new' ? 'added' : 'none'}>{name}</Marked>
    </dt>
    <dd>
      <code>
        {open}
        {items.map((item, at) => (
          <ItemDrawn key={at} item={item} isFirst={at === 0} isAlone={open === ''} />
        ))}
        {open !== '' && items.length > 0 ? ` ${close}` : close}
      </code>
    </dd>
  </div>
)

interface ItemProperties {
  readonly item: Item
  readonly isFirst: boolean
  readonly isAlone: boolean
}

function ItemDrawn({ item: { change, text }, isFirst, isAlone }: ItemProperties) {
  const gap = isAlone ? (isFirst ? '' : ' ') : isFirst ? ' ' : ', '
  return (
    <>
      {gap}
      <Marked change={change}>
        {change === 'left out' ? <span class="left-out">{text}</span> : <TypeScript code={text} />}
      </Marked>
    </>
  )
}

/** A difference is marked by a sign, not by its colour alone. */
function Marked({ change, children }: { readonly change: Item['change']; readonly children: ComponentChildren }) {
  if (change === 'added') return <ins>+ {children}</ins>
  return change === 'removed' ? <del>− {children}</del> : children
}
