/**
 * An editor for TypeScript. CodeMirror loads behind the text; until it is there, and where it cannot be loaded, a plain
 * field takes the same code. Shift+Enter and Ctrl/⌘+Enter submit; Tab indents, unless Escape was pressed before it.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Opened } from './codemirror'
import './editor.css'
import { submitKey } from './keys'
import type { EditorProperties } from './types'

let loaded: typeof import('./codemirror') | undefined
const load = async () => (loaded ??= await import('./codemirror'))

export function Editor(properties: EditorProperties) {
  const { label, code, submits, readOnly = false, mistake, goTo, types } = properties
  const latest = useRef(properties)
  latest.current = properties
  const host = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const [opened, setOpened] = useState<Opened>()

  // Before it is drawn: where CodeMirror is there already, the field is not seen.
  useLayoutEffect(() => {
    let mine: Opened | undefined
    let isGone = false
    // CodeMirror takes it over.
    if (latest.current.hasFocus) field.current?.focus()
    const open = ({ open }: typeof import('./codemirror')) => {
      if (isGone || !host.current) return
      mine = open(host.current, latest, field.current ?? undefined)
      setOpened(mine)
    }
    if (loaded) open(loaded)
    // Where it cannot be loaded, the field stays.
    else void load().then(open, () => undefined)
    return () => {
      isGone = true
      mine?.close()
    }
  }, [])
  // At once: what is typed meanwhile must not be taken back.
  useLayoutEffect(() => opened?.write(code), [opened, code])
  useEffect(() => opened?.check(), [opened, types])
  useEffect(() => opened?.mark(mistake), [opened, mistake])
  useEffect(() => {
    if (goTo) opened?.goTo(goTo)
  }, [opened, goTo])

  return (
    <>
      <div ref={host} class="editor" hidden={!opened} />
      {/* Who listens is told by the description of the editor. */}
      <p class="leaving" aria-hidden="true">
        Tab indents; <kbd>Esc</kbd>, then <kbd>Tab</kbd>, leaves the editor
      </p>
      {!opened && (
        <textarea
          ref={field}
          class="editor-field"
          aria-label={label}
          title={submits && `${submitKey} ${submits}`}
          value={code}
          rows={code.split('\n').length}
          wrap="off"
          readOnly={readOnly}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          onInput={({ currentTarget }) => latest.current.onChange?.(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey || event.shiftKey)) return
            if (!latest.current.onSubmit) return
            event.preventDefault()
            event.stopPropagation()
            latest.current.onSubmit()
          }}
        />
      )}
    </>
  )
}
