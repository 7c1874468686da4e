/** CodeMirror, as the page uses it. It is a part of its own, which loads when an editor is shown. */
import { closeBrackets, closeBracketsKeymap, completionKeymap, completionStatus } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { lintKeymap } from '@codemirror/lint'
import { Compartment, EditorSelection, EditorState, type Extension, Prec } from '@codemirror/state'
import { EditorView, keymap, lineNumbers, type ViewUpdate } from '@codemirror/view'
import { hanging } from './hanging'
import { submitKey } from './keys'
import { markMistake, mistakes } from './mistakes'
import { look } from './theme'
import type { EditorProperties, Spot } from './types'
import { askAgain, typed } from './with-types'

/** An editor that is open. */
export interface Opened {
  /** Puts another code in the place of what is there. */
  write(code: string): void
  mark(mistake: Spot | undefined): void
  goTo(spot: Spot): void
  /** Asks again what is to be said of the code. */
  check(): void
  close(): void
}

/**
 * Opens it in a shadow of the host. There its styles can be adopted; in the page itself they would be an inline style,
 * which the page's policy refuses.
 *
 * @param latest what the editor is given, at any time
 * @param field what was typed into before; where it had the focus, its selection is taken over
 */
export function open(
  host: HTMLElement,
  latest: { readonly current: EditorProperties },
  field?: HTMLTextAreaElement,
): Opened {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const types = new Compartment()
  let hasTypes = false
  const { label, code, readOnly = false } = latest.current
  const doc = field?.value ?? code
  const help = described(latest.current)
  const state = EditorState.create({
    doc,
    selection: EditorSelection.single(within(doc, field?.selectionStart), within(doc, field?.selectionEnd)),
    extensions: [
      language,
      look,
      mistakes,
      hanging,
      leavingByTab(),
      types.of([]),
      EditorState.readOnly.of(readOnly),
      EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': help.id }),
      overSelection,
      EditorView.scrollMargins.of(covered),
      submitting(latest),
      EditorView.updateListener.of((update) => {
        if (isTyped(update)) latest.current.onChange?.(update.state.doc.toString())
        // The compiler is large: it is asked for when somebody is about to type.
        if (hasTypes || !update.view.hasFocus || !latest.current.types) return
        hasTypes = true
        queueMicrotask(() => update.view.dispatch({ effects: types.reconfigure(typed(latest)) }))
      }),
    ],
  })
  const view = new EditorView({ state, parent: root, root })
  root.append(help)
  // Keys that are typed here are nobody else's; with Ctrl, ⌘ or Alt they may be.
  view.dom.addEventListener('keydown', (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation()
  })
  // What is hidden cannot have the focus.
  host.hidden = false
  if (field && field === document.activeElement) view.focus()
  return {
    write(code) {
      if (code === view.state.doc.toString()) return
      const changes = { from: 0, to: view.state.doc.length, insert: code }
      view.dispatch({ changes, annotations: isolateHistory.of('full') })
    },
    mark: (mistake) => view.dispatch({ effects: markMistake.of(mistake) }),
    goTo(spot) {
      const line = view.state.doc.line(Math.min(Math.max(1, spot.line), view.state.doc.lines))
      view.dispatch({ selection: { anchor: Math.min(line.from + spot.column - 1, line.to) }, scrollIntoView: true })
      view.focus()
    },
    check: () => view.dispatch({ effects: askAgain.of(null) }),
    close() {
      view.destroy()
      root.replaceChildren()
    },
  }
}

/**
 * How much of the editor is behind what stands at the edges of the window: the cursor is not to go there. Of one that is in
 * sight it is nothing, or what is shown beside its first and last lines would be taken for hidden.
 */
function covered({ dom }: EditorView): { readonly top: number; readonly bottom: number } {
  const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement)
  const [above, below] = [Number.parseFloat(scrollPaddingTop) || 0, Number.parseFloat(scrollPaddingBottom) || 0]
  const { top, bottom } = dom.getBoundingClientRect()
  return {
    top: Math.max(0, Math.min(above, above - top)),
    bottom: Math.max(0, Math.min(below, bottom - (innerHeight - below))),
  }
}

const within = (code: string, offset = 0): number => Math.min(offset, code.length)

/** Whether somebody changed the text: what comes from the page is known to it. */
const isTyped = ({ docChanged, transactions }: ViewUpdate): boolean =>
  docChanged &&
  transactions.some((each) => ['input', 'delete', 'move', 'undo', 'redo'].some((by) => each.isUserEvent(by)))

const language: Extension = [
  lineNumbers(),
  history(),
  javascript({ typescript: true }),
  indentUnit.of('  '),
  EditorState.tabSize.of(2),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...historyKeymap,
    ...completionKeymap,
    ...lintKeymap,
    indentWithTab,
  ]),
]

/** After Escape, Tab leaves, until something is typed. It has to hear the key before the completions do. */
function leavingByTab(): Extension {
  let isLeaving = false
  const stay = (view: EditorView) => {
    if (isLeaving) view.setTabFocusMode(false)
    isLeaving = false
  }
  return [
    Prec.highest(
      keymap.of([
        {
          key: 'Escape',
          run: (view) => {
            // Where completions are shown, it closes them; it must not be lost to those that are still to come.
            if (completionStatus(view.state) === 'active') return false
            view.setTabFocusMode(true)
            isLeaving = true
            return false
          },
        },
      ]),
    ),
    EditorView.updateListener.of(({ docChanged, focusChanged, view }) => {
      if (docChanged || (focusChanged && !view.hasFocus)) stay(view)
    }),
  ]
}

function submitting(latest: { readonly current: EditorProperties }): Extension {
  const run = () => {
    latest.current.onSubmit?.()
    return latest.current.onSubmit !== undefined
  }
  const keys = ['Mod-Enter', 'Shift-Enter'].map((key) => ({ key, run, preventDefault: true, stopPropagation: true }))
  return Prec.highest(keymap.of(keys))
}

/**
 * What is typed over a selection. Chromium would keep how the text looked in inline styles, which the page's policy refuses,
 * and says so on the console.
 */
const overSelection: Extension = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to } = view.state.selection.main
    const { inputType, data } = event
    if (inputType !== 'insertText' || !data || from === to) return false
    const insert = () => view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type' })
    event.preventDefault()
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, data, insert)))
      view.dispatch(insert())
    return true
  },
})

/** For who hears the page. */
function described({ submits, onSubmit, types }: EditorProperties): HTMLElement {
  const help = document.createElement('p')
  help.id = 'help'
  help.hidden = true
  const submit = onSubmit ? `${submitKey} ${submits ?? 'submits it'}. ` : ''
  const leave = 'Tab indents; to leave by Tab, press Escape first.'
  help.textContent = `${submit}${leave}${types ? ' F8 goes to the next error, F1 tells a type.' : ''}`
  return help
}
