/** What the worker says of a position, while positions change faster than it answers. */
import { useEffect, useRef, useState } from 'preact/hooks'

export interface Answered<K, T> {
  readonly key: K
  /** Undefined if there was no answer. */
  readonly value: T | undefined
}

interface Asking<K, T> {
  readonly since: unknown
  readonly known: Map<K, Answered<K, T>>
  isBusy: boolean
  next: K
}

/**
 * Asks for a value, and for another one when the key changes; `undefined` asks for nothing. While an answer is awaited, only
 * the newest question is kept, and the answer before stays. What was answered is not asked again until `since` changes.
 *
 * @returns the newest answer, which may still be that of an earlier key
 */
export function useAsked<K, T>(
  ask: (key: K) => Promise<T | undefined>,
  key: K | undefined,
  since: unknown,
): Answered<K, T> | undefined {
  const [answered, setAnswered] = useState<Answered<K, T>>()
  const asking = useRef<Asking<K, T> | undefined>(undefined)
  useEffect(() => {
    if (key === undefined) {
      asking.current = undefined
      setAnswered(undefined)
      return
    }
    const before = asking.current
    const now: Asking<K, T> =
      before && before.since === since ? before : { since, known: new Map(), isBusy: false, next: key }
    asking.current = now
    now.next = key
    const known = now.known.get(key)
    if (known) setAnswered(known)
    else if (!now.isBusy) void answer(now)
  }, [key, since])

  async function answer(now: Asking<K, T>): Promise<void> {
    now.isBusy = true
    let newest: Answered<K, T> | undefined
    do {
      newest = { key: now.next, value: undefined }
      try {
        newest = { key: newest.key, value: await ask(newest.key) }
        if (newest.value !== undefined) now.known.set(newest.key, newest)
      } catch {
        // Who answers was ended: it is asked again when somebody comes back to this position.
      }
      if (asking.current !== now) return
    } while (now.next !== newest.key && !now.known.has(now.next))
    now.isBusy = false
    setAnswered(now.known.get(now.next) ?? newest)
  }
  return answered
}
