/** What is asked before something is done to the files. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Files } from '../../judge/files'
import { Dialog } from './dialog'
import type { Former } from './edits'

export type Question = 'add' | 'rename' | 'begin again' | 'solution' | 'former'

interface NameProperties {
  readonly title: string
  readonly yes: string
  readonly name: string
  readonly taken: readonly string[]
  readonly onName: (name: string) => void
  readonly onClose: () => void
}

/** Asks for the name of a file; `dog` is `dog.ts`. */
export function AskForName({ title, yes, name, taken, onName, onClose }: NameProperties) {
  const [typed, setTyped] = useState(name)
  const [wrong, setWrong] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => input.current?.select(), [])
  const named = () => {
    const given = typed.trim()
    const full = given.endsWith('.ts') ? given : `${given}.ts`
    const why = whyNot(full, taken)
    if (why) setWrong(why)
    else {
      onName(full)
      onClose()
    }
  }
  return (
    <Dialog title={title} yes={yes} onYes={named} onClose={onClose}>
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

function whyNot(name: string, taken: readonly string[]): string {
  if (taken.includes(name)) return `There is a ${name} already.`
  return /^[\w-]+(\.[\w-]+)*\.ts$/.test(name) ? '' : 'A name has letters, digits, - and dots, and ends in .ts.'
}

interface FormerProperties {
  readonly former: readonly Former[]
  readonly onTake: (files: Files) => void
  readonly onClose: () => void
}

/** Shows what was put aside, and puts one of them back. */
export function AskForFormer({ former, onTake, onClose }: FormerProperties) {
  const [chosen, setChosen] = useState(0)
  const take = () => {
    onTake((former[chosen] as Former).files)
    onClose()
  }
  return (
    <Dialog title="Earlier versions" yes="Bring it back" onYes={take} onClose={onClose}>
      <p>What you have now becomes an earlier version.</p>
      {former.map(({ at, files }, number) => (
        <label key={at} class="former">
          <input type="radio" name="former" checked={number === chosen} onChange={() => setChosen(number)} />
          <span>
            until {new Date(at).toLocaleString()}: {[...files.keys()].join(', ')}
          </span>
        </label>
      ))}
    </Dialog>
  )
}
