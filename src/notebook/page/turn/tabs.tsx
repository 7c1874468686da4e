/** The files of a lesson in tabs, each with its own editor, so that each has its own steps to undo. */
import { useMemo, useRef } from 'preact/hooks'
import type { Files } from '../../judge/files'
import { types } from '../../types/client'
import { Editor } from '../editor/editor'
import type { EditorTypes, Spot } from '../editor/types'

export interface Target extends Spot {
  readonly file: string
}

interface Properties {
  readonly lesson: number
  readonly files: Files
  readonly shown: string
  readonly mistake: Target | undefined
  readonly goTo: Target | undefined
  readonly show: (name: string) => void
  readonly write: (name: string, code: string) => void
  readonly check: () => void
  readonly add: () => void
}

const idOf = (name: string): string => `file-${name}`

export function Tabs({ files, shown, mistake, show, add, ...properties }: Properties) {
  const list = useRef<HTMLDivElement>(null)
  const names = [...files.keys()]
  const keys = (event: KeyboardEvent) => {
    const at = names.indexOf(shown)
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key]
    const name = to === undefined ? undefined : names.at(to % names.length)
    if (name === undefined) return
    event.preventDefault()
    show(name)
    list.current?.querySelector<HTMLElement>(`[data-name="${name}"]`)?.focus()
  }
  return (
    <>
      <div class="tabs">
        <div ref={list} role="tablist" aria-label="Files" onKeyDown={keys}>
          {names.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`tab-${idOf(name)}`}
              data-name={name}
              aria-selected={name === shown}
              aria-controls={idOf(name)}
              tabIndex={name === shown ? 0 : -1}
              onClick={() => show(name)}
            >
              {mistake?.file === name && (
                <span class="mistake">
                  <span aria-hidden="true">✗ </span>
                  <span class="hidden">mistake in </span>
                </span>
              )}
              {name}
            </button>
          ))}
        </div>
        <button type="button" class="add" onClick={add}>
          <span aria-hidden="true">+ </span>New file
        </button>
      </div>
      {names.map((name) => (
        <div key={name} id={idOf(name)} role="tabpanel" aria-labelledby={`tab-${idOf(name)}`} hidden={name !== shown}>
          <Panel {...properties} name={name} files={files} mistake={mistake} />
        </div>
      ))}
    </>
  )
}

type PanelProperties = Omit<Properties, 'shown' | 'show' | 'add'> & { readonly name: string }

function Panel({ lesson, files, name, mistake, goTo, write, check }: PanelProperties) {
  return (
    <Editor
      label={name}
      code={files.get(name) as string}
      onChange={(code) => write(name, code)}
      onSubmit={check}
      submits="checks it"
      types={useTypes(lesson, files, name)}
      mistake={mistake?.file === name ? mistake : undefined}
      goTo={goTo?.file === name ? goTo : undefined}
    />
  )
}

/** They are asked with all files as they are then; they are another object when another file has changed. */
function useTypes(lesson: number, files: Files, name: string): EditorTypes {
  const latest = useRef(files)
  latest.current = files
  const others = [...files].filter(([each]) => each !== name)
  return useMemo(() => {
    const having = (code: string): Files => new Map(latest.current).set(name, code)
    return {
      errors: (code) => types().errorsIn(lesson, having(code), name),
      completions: (code, offset) => types().completionsAt(lesson, having(code), name, offset),
      hover: (code, offset) => types().hoverAt(lesson, having(code), name, offset),
    }
  }, [lesson, name, JSON.stringify(others)])
}
