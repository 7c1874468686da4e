/** What TypeScript says of the code: errors, completions, and the types of names. */
import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { type Diagnostic, forEachDiagnostic, linter, nextDiagnostic, previousDiagnostic } from '@codemirror/lint'
import { type Extension, Prec, StateEffect, type Transaction } from '@codemirror/state'
import { activateHover, EditorView, hoverTooltip, keymap, type Tooltip } from '@codemirror/view'
import { painted } from '../../../repl/render/painted'
import type { EditorProperties, Hover } from './types'

type Latest = { readonly current: EditorProperties }

/** What is to be said of the code may be another thing now. */
export const askAgain = StateEffect.define()

/** What cannot be answered is not there: the code can be written without it. */
export function typed(latest: Latest): Extension {
  const hovers = hoverTooltip((view, offset) => tooltip(latest, view, offset).catch(() => null), { hideOnChange: true })
  const showType = (view: EditorView) => {
    const { head } = view.state.selection.main
    const until = ({ docChanged, newSelection }: Transaction) => docChanged || newSelection.main.head !== head
    activateHover(view, head, 1, { tooltip: hovers, until })
    void hover(latest, view, head).then(
      (found) => found && announce(view, found.text),
      () => undefined,
    )
    return true
  }
  return [
    linter((view) => problems(latest, view).catch(() => []), {
      delay: 500,
      needsRefresh: ({ transactions }) => transactions.some(({ effects }) => effects.some((each) => each.is(askAgain))),
    }),
    autocompletion({ override: [(context) => completions(latest, context).catch(() => null)], icons: false }),
    hovers,
    // What is shown to a mouse that rests is shown, and read out, by a key.
    Prec.high(
      keymap.of([
        { key: 'F8', run: (view) => nextDiagnostic(view) && announceProblem(view) },
        { key: 'Shift-F8', run: (view) => previousDiagnostic(view) && announceProblem(view) },
        { key: 'F1', run: showType, preventDefault: true },
      ]),
    ),
  ]
}

const announce = (view: EditorView, text: string): void => view.dispatch({ effects: EditorView.announce.of(text) })

/** The one that the selection is on. */
function announceProblem(view: EditorView): true {
  const { from, to } = view.state.selection.main
  forEachDiagnostic(view.state, ({ message }, start, end) => {
    if (start === from && end === to) announce(view, `Line ${view.state.doc.lineAt(from).number}: ${message}`)
  })
  return true
}

async function problems({ current }: Latest, { state }: EditorView): Promise<readonly Diagnostic[]> {
  const found = (await current.types?.errors(state.doc.toString())) ?? []
  const inside = (offset: number) => Math.min(offset, state.doc.length)
  return found.map(({ from, to, message, code }) => ({
    from: inside(from),
    to: inside(Math.max(to, from + 1)),
    severity: 'error',
    source: `TypeScript ${code}`,
    message,
  }))
}

async function completions({ current }: Latest, context: CompletionContext): Promise<CompletionResult | null> {
  if (!context.explicit && !context.matchBefore(/[\p{ID_Start}$_.][\p{ID_Continue}$]*$/u)) return null
  const found = await current.types?.completions(context.state.doc.toString(), context.pos)
  if (!found || context.aborted) return null
  // Of those that fit as well, the best are first.
  const options = found.options.map(({ label, kind, detail }, at) => ({
    label,
    type: kind,
    sortText: String(at).padStart(4, '0'),
    ...(detail && { detail }),
  }))
  return { from: found.from, options, validFor: /^[\p{ID_Continue}$]*$/u }
}

async function hover({ current }: Latest, { state }: EditorView, offset: number): Promise<Hover | undefined> {
  return await current.types?.hover(state.doc.toString(), offset)
}

async function tooltip(latest: Latest, view: EditorView, offset: number): Promise<Tooltip | null> {
  const found = await hover(latest, view, offset)
  return found ? { pos: found.from, end: found.to, above: true, create: () => ({ dom: drawn(found) }) } : null
}

function drawn({ text, documentation }: Hover): HTMLElement {
  const box = document.createElement('div')
  const type = document.createElement('pre')
  for (const part of painted(text)) {
    const span = document.createElement('span')
    span.className = part.paint ?? ''
    span.textContent = part.text
    type.append(span)
  }
  box.append(type)
  if (documentation) {
    const words = document.createElement('p')
    words.textContent = documentation
    box.append(words)
  }
  return box
}
