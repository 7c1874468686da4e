/** The lesson in the address: `#3`. */
import { useEffect, useState } from 'preact/hooks'

const lessonIn = (hash: string): number | undefined => {
  const [, number] = /^#(\d+)$/.exec(hash) ?? []
  return number === undefined ? undefined : Number(number)
}

/** The number in the address, and the first lesson where there is none. It may be that of no lesson. */
export function useLesson(): number {
  const [lesson, setLesson] = useState(lessonIn(location.hash) ?? 1)
  useEffect(() => {
    const changed = () => setLesson((before) => lessonIn(location.hash) ?? (location.hash === '' ? 1 : before))
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  return lesson
}

/** A link to a place on the page goes there, while the address stays that of the lesson. */
export function useLinksWithin(): void {
  useEffect(() => {
    const followed = (event: MouseEvent) => {
      const id = placeOf(event)
      if (id === undefined) return
      event.preventDefault()
      // By then, what the click opened is open.
      requestAnimationFrame(() => {
        const place = document.getElementById(id)
        place?.scrollIntoView({ block: 'nearest' })
        place?.focus({ preventScroll: true })
      })
    }
    addEventListener('click', followed)
    return () => removeEventListener('click', followed)
  }, [])
}

/** Where on the page the link leads that was clicked. */
export function placeOf({ target }: MouseEvent): string | undefined {
  const hash = target instanceof Element ? target.closest('a')?.getAttribute('href') : undefined
  return hash?.startsWith('#') && lessonIn(hash) === undefined ? hash.slice(1) : undefined
}
