/** What is asked before something is done to the files. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Files } from '../../judge/files'
import { Dialog } from './dialog'
import type { Former } from './edits'
import { named } from './names'

export type Question = 'add' | 'rename' | 'begin again' | 'solution' | 'former'

interface Properties {
  readonly question: Question | undefined
  /** The name of the file that is shown. */
  readonly shown: string
  /** Of all files. */
  readonly names: readonly string[]
  readonly former: readonly Former[]
  readonly onAdd: (name: string) => void
  readonly onRename: (name: string) => void
  readonly onBegin: () => void
  readonly onSolution: () => void
  readonly onFormer: (files: Files) => void
  readonly onClose: () => void
}

/** The question that is open, if one is. */
export function Asked({ question, shown, names, former, onClose, ...properties }: Properties) {
  const { onAdd, onRename, onBegin, onSolution, onFormer } = properties
  const thenClose = (act: () => void) => () => {
    onClose()
    act()
  }
  switch (question) {
    case 'add':
      return <AskForName title="A new file" yes="Add it" name="" taken={names} onName={onAdd} onClose={onClose} />
    case 'rename': {
      const others = names.filter((name) => name !== shown)
      return (
        <AskForName
          title={`Rename ${shown}`}
          yes="Rename it"
          name={shown}
          taken={others}
          onName={onRename}
          onClose={onClose}
        />
      )
    }
    case 'begin again':
      return (
        <Dialog title="Begin again?" yes="Begin again" onYes={thenClose(onBegin)} onClose={onClose}>
          <p>The files become those that the lesson starts from. What you have now is kept: “More” brings it back.</p>
        </Dialog>
      )
    case 'solution':
      return (
        <Dialog title="Show the solution?" yes="Show it" onYes={thenClose(onSolution)} onClose={onClose}>
          <p>You have not passed this lesson yet. You learn more by working it out: hints help, level by level.</p>
        </Dialog>
      )
    case 'former':
      return <AskForFormer former={former} onTake={onFormer} onClose={onClose} />
    case undefined:
      return null
  }
}

interface NameProperties {
  readonly title: string
  readonly yes: string
  readonly name: string
  readonly taken: readonly string[]
  readonly onName: (name: string) => void
  readonly onClose: () => void
}

/** Asks for the name of a file; `dog` is `dog.ts`. */
function AskForName({ title, yes, name, taken, onName, onClose }: NameProperties) {
  const [typed, setTyped] = useState(name)
  const [wrong, setWrong] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => input.current?.select(), [])
  const submit = () => {
    const given = named(typed, taken)
    if ('wrong' in given) {
      setWrong(given.wrong)
      input.current?.focus()
      return
    }
    onName(given.name)
    onClose()
  }
  return (
    <Dialog title={title} yes={yes} onYes={submit} onClose={onClose}>
      <label for="file-name">Its name</label>
      <input
        id="file-name"
        value={typed}
        placeholder="name.ts"
        aria-describedby="file-name-wrong"
        aria-invalid={wrong !== ''}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        ref={input}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <p id="file-name-wrong" class="wrong" role="alert">
        {wrong}
      </p>
    </Dialog>
  )
}

interface FormerProperties {
  readonly former: readonly Former[]
  readonly onTake: (files: Files) => void
  readonly onClose: () => void
}

/** Shows what was put aside, and puts one of them back. */
function AskForFormer({ former, onTake, onClose }: FormerProperties) {
  const [chosen, setChosen] = useState(0)
  const take = () => {
    onTake((former[chosen] as Former).files)
    onClose()
  }
  return (
    <Dialog title="Earlier versions" yes="Bring it back" onYes={take} onClose={onClose}>
      <p>What you have now becomes an earlier version.</p>
      {former.map(({ at, files, isFromLink }, number) => (
        <label key={at} class="former">
          <input type="radio" name="former" checked={number === chosen} onChange={() => setChosen(number)} />
          <span>
            {isFromLink ? 'with a link, on' : 'until'} {new Date(at).toLocaleString()}: {[...files.keys()].join(', ')}
          </span>
        </label>
      ))}
    </Dialog>
  )
}
