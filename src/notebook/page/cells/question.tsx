/** Asks what a cell will show, and asks again where nobody can tell what was meant. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { unreadable } from '../../../course/prediction'
import { Sentence } from '../common/prose'

interface Properties {
  /** Of the cell. */
  readonly name: string
  /** It stands where the button was that had the focus. */
  readonly takesFocus: boolean
  readonly answer: (guess: string) => void
}

export function Question({ name, takesFocus, answer }: Properties) {
  const [guess, setGuess] = useState('')
  const [wrong, setWrong] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (takesFocus) input.current?.focus()
  }, [])
  const said = (event: Event) => {
    event.preventDefault()
    const why = unreadable(guess)
    setWrong(why ?? '')
    if (guess.trim() && why === undefined) answer(guess.trim())
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
        aria-describedby={`${id}-wrong`}
        aria-invalid={wrong !== ''}
      />
      <button type="submit" class="run">
        Answer
      </button>
      <button type="button" onClick={() => answer('')}>
        Show me
      </button>
      <p id={`${id}-wrong`} class="wrong" role="alert">
        <Sentence text={wrong} />
      </p>
    </form>
  )
}
