/** A cell: its code, which can be edited, what runs and stops it, and below each step what it showed. */
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { LogEntry } from '../../run'
import { types } from '../../types/client'
import { Sentence } from '../common/prose'
import { useCellAloud } from './aloud'
import './cell.css'
import { Editor } from '../editor/editor'
import type { EditorTypes } from '../editor/types'
import { type CellState, gathered } from './cell-state'
import { inWords, type Moment } from './moment'
import { Output } from './output'
import { Question } from './question'
import { hasFailed, aloud as inWordsAloud, stillRunning } from './said'
import { Standing } from './standing'
import { useAdvice } from './use-advice'

interface Properties {
  /** Such as `cell 2`. */
  readonly name: string
  /** The lesson's own. */
  readonly code: string
  readonly isPrediction: boolean
  /** What runs before it: the codes of the cells above. */
  readonly before: readonly string[]
  readonly state: CellState
  /** What it says while it is busy. */
  readonly busy: string
  /** Nothing runs on the page. */
  readonly isIdle: boolean
  /** The store whose log is shown: see `LogEntry.store`. */
  readonly inLog: string | undefined
  /** How far it is where the slider is; undefined if it is over there. */
  readonly moment: Moment | undefined
  readonly run: () => void
  readonly stop: () => void
  readonly answer: (guess: string) => void
  /** Null stands for the lesson's own code. */
  readonly edit: (code: string | null) => void
}

export function Cell(properties: Properties) {
  const { name, code, isPrediction, before, state, busy, isIdle, inLog, moment, run, stop, answer, edit } = properties
  const { isBusy, isReadOnly, hasRun, isCut, asks, shown, events, isStale, isDraft, notes } = state
  const [isOpen, setOpen] = useState(false)
  const section = useRef<HTMLElement>(null)
  const canRun = !isBusy && !asks && !isReadOnly
  const isEdited = state.code !== undefined
  const isLong = useLong(isBusy)
  const aloud = useCellAloud(name, state, isLong)
  const types = useTypes(before)
  const advice = useAdvice(state, types, isIdle)
  /** While the cell runs, it stays, so that the focus does. */
  const runs = useRef<HTMLButtonElement>(null)
  // What is in the cell now; a question may take the place of what was pressed.
  const hasFocus = section.current?.contains(document.activeElement) ?? false
  /** What was pressed goes away, and the focus must not be lost with it. */
  const andStay = (act: () => void) => () => {
    section.current?.focus({ preventScroll: true })
    act()
  }
  const toRun = () => runs.current?.focus({ preventScroll: true })
  const stopped = () => {
    toRun()
    stop()
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !event.shiftKey || !canRun) return
    event.preventDefault()
    // What it has shown is drawn anew, and its other buttons go away.
    if ((event.target as Element).closest('.steps, .notes, .bar')) toRun()
    run()
  }
  const now = state.code ?? code
  // What it showed stands between the steps of its code, unless that is other code by now.
  const isAsItRan = !isOpen && !isDraft && shown.some(({ tone }) => tone === 'code')
  // Nobody is sent to an event that is in another log than the one that is shown.
  const linked = events.filter(({ store }) => store === inLog)
  const elsewhere = newsOf(events.filter(({ store }) => store !== undefined))
  return (
    <section
      ref={section}
      class={`cell${isStale ? ' stale' : ''}${moment && !isBusy ? ' not-yet' : ''}`}
      aria-label={name}
      aria-busy={isBusy}
      tabIndex={-1}
      onKeyDown={keys}
    >
      {isOpen && !isReadOnly && (
        <Editor
          label={`Code of ${name}`}
          code={now}
          submits="runs it"
          hasFocus
          types={types}
          onChange={edit}
          onSubmit={() => canRun && run()}
        />
      )}
      <div class={isDraft ? 'steps former' : 'steps'}>
        {!isAsItRan && !isOpen && <Output shown={{ tone: 'code', text: now }} by={name} entries={linked} />}
        {(isAsItRan ? shown : shown.filter(({ tone }) => tone !== 'code')).map((each, at) => (
          <Output key={at} shown={each} by={name} entries={linked} isFormer={isDraft} />
        ))}
        {elsewhere !== '' && <Output shown={{ tone: 'news', text: elsewhere }} by={name} entries={linked} />}
      </div>
      <div class="notes">
        <Standing {...state} />
        {gathered(notes).map((each, at) => (
          <Output key={at} shown={each} by={name} entries={linked} />
        ))}
        {advice !== undefined && (
          <p class="standing advice">
            <Sentence text={advice} />
          </p>
        )}
      </div>
      {asks && !isBusy && !isReadOnly && (
        <Question name={name} takesFocus={hasFocus} answer={(guess) => andStay(() => answer(guess))()} />
      )}
      <div class="bar">
        <span class="cell-name">
          {name}
          {isEdited && <span class="edited"> · edited</span>}
          {isPrediction && !hasRun && !isEdited && <span class="asks"> · a question</span>}
        </span>
        {moment && !isBusy && <span class="moment">{inWords(moment)}</span>}
        <span class="status">
          {isBusy
            ? (stillRunning(isLong, state.saved) ?? busy)
            : hasRun && !asks && !isCut && !isDraft && notes.length === 0 && (hasFailed(shown) ? 'failed' : 'done')}
        </span>
        <span class="hidden" role="status">
          {aloud}
        </span>
        <span class="hidden" aria-live="polite">
          {advice !== undefined && `${name}: ${inWordsAloud(advice)}`}
        </span>
        {isOpen && isEdited && !isBusy && <Quiet name={name} says="Lesson’s code" press={andStay(() => edit(null))} />}
        {canRun && (
          <Quiet name={name} says={isOpen ? 'Close' : 'Edit'} press={() => setOpen(!isOpen)} isOpen={isOpen} />
        )}
        {isBusy && (
          <button type="button" class="stop" aria-keyshortcuts="Escape" onClick={stopped}>
            Stop<span class="hidden"> {name}</span> <kbd>Esc</kbd>
          </button>
        )}
        {(canRun || (isBusy && !isReadOnly)) && (
          <button
            ref={runs}
            type="button"
            class="run"
            title="Shift+Enter"
            aria-disabled={isBusy}
            onClick={() => canRun && run()}
          >
            <span aria-hidden="true">▸ </span>
            {hasRun ? 'Run again' : 'Run'}
            <span class="hidden"> {name}</span>
          </button>
        )}
      </div>
    </section>
  )
}

interface QuietProperties {
  readonly name: string
  readonly says: ComponentChildren
  readonly press: () => void
  readonly isOpen?: boolean
}

const Quiet = ({ name, says, press, isOpen }: QuietProperties) => (
  <button type="button" class="quiet" onClick={press} {...(isOpen !== undefined && { 'aria-expanded': isOpen })}>
    {says}
    <span class="hidden"> {name}</span>
  </button>
)

/** The session speaks of what is new in the store of `school`; a cell may have made stores of its own. */
const newsOf = (events: readonly LogEntry[]): string =>
  events.length > 5
    ? `+${events.length} events`
    : events.map(({ name, who, version }) => `+1 ${name} · ${who} v${version}`).join('\n')

/** Another object when a cell above has another code. */
function useTypes(before: readonly string[]): EditorTypes {
  return useMemo(
    () => ({
      errors: (code) => types().cellErrors({ before, code }),
      completions: (code, offset) => types().cellCompletions({ before, code }, offset),
      hover: (code, offset) => types().cellHover({ before, code }, offset),
    }),
    [JSON.stringify(before)],
  )
}

/** Whether it has been busy for longer than anything in a lesson takes. */
function useLong(isBusy: boolean): boolean {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    if (!isBusy) return
    const timer = setTimeout(() => setLong(true), 5000)
    return () => {
      clearTimeout(timer)
      setLong(false)
    }
  }, [isBusy])
  return isLong
}
