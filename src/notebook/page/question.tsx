/** Asks what a cell will show. */
import { useEffect, useRef, useState } from 'preact/hooks'

export function Question({ name, answer }: { readonly name: string; readonly answer: (guess: string) => void }) {
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
