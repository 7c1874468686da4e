/** What is in the address: `#3` is a lesson, `#3:…` a lesson with a history. */
import { useEffect, useState } from 'preact/hooks'
import { lessons } from '../../lessons'
import { keep, kept } from './keep'

/** What the entry of an event is called, for links to it. */
export const idOfEntry = (position: number | ''): string => `event-${position}`

interface Address {
  readonly lesson: number
  /** What was done in it: see `keep/link.ts`. */
  readonly link?: string
}

function addressIn(hash: string): Address | undefined {
  const [, number, link] = /^#(\d+)(?::(.*))?$/.exec(hash) ?? []
  return number === undefined ? undefined : { lesson: Number(number), ...(link !== undefined && { link }) }
}

/** Under what name the browser keeps which lesson was open last. */
const NAME = 'lesson'
const isThere = (lesson: unknown): lesson is number => lessons.some(({ number }) => number === lesson)

/** What is in the address, and the lesson that was open last where nothing is. There may be no lesson of this number. */
export function useAddress(): Address {
  const [atFirst] = useState<Address>(() => {
    const last = kept(NAME)
    return { lesson: isThere(last) ? last : 1 }
  })
  const [address, setAddress] = useState(addressIn(location.hash) ?? atFirst)
  useEffect(() => {
    const changed = () => setAddress((before) => addressIn(location.hash) ?? (location.hash === '' ? atFirst : before))
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  useEffect(() => {
    if (isThere(address.lesson)) keep(NAME, address.lesson)
  }, [address.lesson])
  return address
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
        if (!place) return
        // What is higher than the window is near wherever one is in it.
        place.scrollIntoView({ block: place.offsetHeight > innerHeight ? 'start' : 'nearest' })
        place.focus({ preventScroll: true })
      })
    }
    addEventListener('click', followed)
    return () => removeEventListener('click', followed)
  }, [])
}

/** Where on the page the link leads that was clicked. */
export function placeOf({ target }: MouseEvent): string | undefined {
  const hash = target instanceof Element ? target.closest('a')?.getAttribute('href') : undefined
  return hash?.startsWith('#') && addressIn(hash) === undefined ? hash.slice(1) : undefined
}
