/** What came of an action is said where it was asked for; a link that could not be copied stands there. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { NotCopied } from './actions'

export interface Telling {
  readonly said: string
  /** What is to be copied by hand; '' if nothing is. */
  readonly byHand: string
  readonly tell: (work: Promise<string>) => Promise<void>
  readonly clear: () => void
}

export function useTelling(): Telling {
  const [said, setSaid] = useState('')
  const [byHand, setByHand] = useState('')
  const clear = () => {
    setSaid('')
    setByHand('')
  }
  const tell = (work: Promise<string>) => {
    setByHand('')
    return work.then(setSaid, (error: Error) => {
      setSaid(error.message)
      if (error instanceof NotCopied) setByHand(error.link)
    })
  }
  return { said, byHand, tell, clear }
}

export const Told = ({ said, byHand }: Telling) => (
  <>
    <p class="keep-said" role="status">
      {said}
    </p>
    {byHand !== '' && <Selected label="The link" text={byHand} />}
  </>
)

/** A text to be copied by hand: it is selected, and again whenever somebody comes to it. */
function Selected({ label, text }: { readonly label: string; readonly text: string }) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [text])
  const select = () => field.current?.select()
  return <input ref={field} class="keep-link" readOnly aria-label={label} value={text} onFocus={select} />
}
