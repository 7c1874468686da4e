/** A cell: its code, a button that runs it, and below each step what it showed. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { LogEntry, Shown } from '../protocol'
import { TypeScript } from './code'
import { idOf } from './log'
import { Sentence } from './prose'
import type { CellState } from './visit'

interface Properties {
  /** Such as `cell 2`. */
  readonly name: string
  readonly code: string
  readonly isPrediction: boolean
  readonly state: CellState
  /** What it says while it is busy. */
  readonly busy: string
  /** The entries of the log that it recorded. */
  readonly entries: readonly LogEntry[]
  readonly run: () => void
  readonly answer: (guess: string) => void
}

export function Cell({ name, code, isPrediction, state, busy, entries, run, answer }: Properties) {
  const { isBusy, hasRun, asks, shown } = state
  const section = useRef<HTMLElement>(null)
  const canRun = !isBusy && !hasRun
  /** What was pressed goes away, and the focus must not be lost with it. */
  const stay = () => section.current?.focus({ preventScroll: true })
  const pressed = () => {
    stay()
    run()
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !event.shiftKey || !canRun) return
    event.preventDefault()
    pressed()
  }
  const answered = (guess: string) => {
    stay()
    answer(guess)
  }
  const steps = shown.some(({ tone }) => tone === 'code') ? shown : [{ tone: 'code', text: code } as const, ...shown]
  return (
    <section ref={section} class="cell" aria-label={name} aria-busy={isBusy} tabIndex={-1} onKeyDown={keys}>
      <div class="steps">
        {steps.map((each, at) => (
          <Output key={at} shown={each} entries={entries} />
        ))}
      </div>
      {asks && !isBusy && <Question name={name} answer={answered} />}
      <div class="bar">
        <span class="cell-name">
          {name}
          {isPrediction && !hasRun && <span class="asks"> · a question</span>}
        </span>
        <span class="status" role="status">
          {isBusy ? busy : hasRun && !asks && <Done shown={shown} />}
        </span>
        {canRun && (
          <button type="button" class="run" title="Shift+Enter" onClick={pressed}>
            <span aria-hidden="true">▸ </span>
            Run
            <span class="hidden"> {name}</span>
          </button>
        )}
      </div>
    </section>
  )
}

/** Who hears the page is told what the cell showed, not only that it did. */
const Done = ({ shown }: { readonly shown: readonly Shown[] }) => (
  <>
    done
    <span class="hidden">: {shown.flatMap(({ tone, text }) => (tone === 'code' ? [] : text)).join('; ')}</span>
  </>
)

function Output({ shown: { tone, text }, entries }: { readonly shown: Shown; readonly entries: readonly LogEntry[] }) {
  switch (tone) {
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        <pre class="code" tabIndex={0}>
          <TypeScript code={text} />
        </pre>
      )
    case 'value':
      return (
        <pre class="value">
          <span class="arrow" aria-hidden="true">
            →
          </span>
          <span class="hidden">shows </span>
          <code>
            <TypeScript code={text.replace(/^→ /, '')} />
          </code>
        </pre>
      )
    case 'news':
      return (
        <p class="news">
          {text.split('\n').map((line) => (
            <Badge key={line} line={line} entries={entries} />
          ))}
        </p>
      )
    case 'problem':
      return (
        <pre class="problem">
          <strong>Problem: </strong>
          {text}
        </pre>
      )
    case 'plain':
      return (
        <p class="said">
          <Sentence text={text} />
        </p>
      )
  }
}

/** Links `+1 TrickAdded · fido v3` to its entry, and what stands for many events to the first of them. */
function Badge({ line, entries }: { readonly line: string; readonly entries: readonly LogEntry[] }) {
  const [, name, who, version] = /^\+1 (\S+) · (.+) v(\d+)/.exec(line) ?? []
  const own = entries.find((each) => each.name === name && each.who === who && each.version === Number(version))
  const entry = own ?? entries[0]
  if (!entry) return <span class="badge">{line}</span>
  return (
    <a class="badge" href={`#${idOf(entry.position)}`} title="Show it in the log">
      {line}
    </a>
  )
}

function Question({ name, answer }: { readonly name: string; readonly answer: (guess: string) => void }) {
  const [guess, setGuess] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // It takes over the focus of the button that asked.
    if (input.current?.closest('.cell')?.matches(':focus-within')) input.current.focus()
  }, [])
  const said = (event: Event) => {
    event.preventDefault()
    if (guess.trim()) answer(guess.trim())
    else input.current?.focus()
  }
  const id = `guess ${name}`.replaceAll(' ', '-')
  return (
    <form class="question" onSubmit={said}>
      <label for={id}>What will it show?</label>
      <input
        id={id}
        ref={input}
        value={guess}
        onInput={({ currentTarget }) => setGuess(currentTarget.value)}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
      />
      <button type="submit" class="run">
        Answer
      </button>
      <button type="button" onClick={() => answer('')}>
        Show me
      </button>
    </form>
  )
}
