/**
 * A text that may be long: it has a height of its own at most, and scrolls where it has more. Only then can it be focused, and
 * is it said how many lines it has, as many browsers hide what one scrolls by.
 */
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

interface Properties {
  readonly class: string
  /** Where it scrolls. */
  readonly name: string
  /** What makes its height. */
  readonly text: string
  readonly children: ComponentChildren
}

export function Limited({ class: tone, name, text, children }: Properties) {
  const lines = text.trimEnd().split('\n').length
  const box = useRef<HTMLPreElement>(null)
  const [scrolls, setScrolls] = useState(false)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const look = () => setScrolls(element.scrollHeight > element.clientHeight)
    look()
    const observer = new ResizeObserver(look)
    observer.observe(element)
    return () => observer.disconnect()
  }, [text])
  return (
    <>
      <pre ref={box} class={`limited ${tone}`} {...(scrolls && { tabIndex: 0, role: 'group', 'aria-label': name })}>
        {children}
      </pre>
      {scrolls && lines > 1 && <p class="lines">{lines.toLocaleString('en')} lines</p>}
    </>
  )
}
