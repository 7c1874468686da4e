/** How much of the window's foot something takes that stands there, whatever is scrolled. */
import { useEffect } from 'preact/hooks'

/**
 * Keeps its height in a property of the styles, so that what is above it can end where it begins, however high it is.
 * Where it does not stand at the foot, that is nothing.
 */
export function useRoom(element: { readonly current: HTMLElement | null }, property: `--${string}`): void {
  useEffect(() => {
    const { style } = document.documentElement
    const observer = new ResizeObserver(() => {
      const height =
        element.current && getComputedStyle(element.current).position === 'fixed' ? element.current.offsetHeight : 0
      // Whatever is above it is laid out again then.
      if (style.getPropertyValue(property) !== `${height}px`) style.setProperty(property, `${height}px`)
    })
    if (element.current) observer.observe(element.current)
    observer.observe(document.documentElement)
    return () => {
      observer.disconnect()
      style.removeProperty(property)
    }
  }, [element, property])
}
