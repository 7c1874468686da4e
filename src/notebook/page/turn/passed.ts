/** Which lessons have been passed. */
import { useEffect, useState } from 'preact/hooks'
import { keep, kept, whenKept } from './keep'

const NAME = 'passed'
const read = (): ReadonlySet<number> => {
  const numbers = kept(NAME)
  return new Set(Array.isArray(numbers) ? numbers.filter((each) => typeof each === 'number') : [])
}

let passed = read()
const hearers = new Set<() => void>()
const change = (to: ReadonlySet<number>) => {
  passed = to
  for (const hear of hearers) hear()
}
whenKept((name) => name === NAME && change(read()))

export function pass(lesson: number): void {
  if (passed.has(lesson)) return
  // Another page may have passed others.
  change(new Set([...passed, ...read(), lesson]))
  keep(NAME, [...passed].sort())
}

export function usePassed(): ReadonlySet<number> {
  const [now, set] = useState(passed)
  useEffect(() => {
    const hear = () => set(passed)
    hear()
    hearers.add(hear)
    return () => void hearers.delete(hear)
  }, [])
  return now
}
