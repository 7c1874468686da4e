/** A question that has to be answered, or left by Escape. The focus goes back to where it came from. */
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

interface Properties {
  readonly title: string
  readonly children: ComponentChildren
  /** What the button says that does it. */
  readonly yes: string
  readonly onYes: () => void
  readonly onClose: () => void
}

export function Dialog({ title, children, yes, onYes, onClose }: Properties) {
  const element = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const dialog = element.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog ref={element} aria-labelledby="dialog-title" onCancel={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onYes()
        }}
      >
        <h2 id="dialog-title">{title}</h2>
        {children}
        <div class="answers">
          <button type="submit" class="run">
            {yes}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  )
}
