/** Which lessons have been passed, and with which files. */
import { useEffect, useState } from 'preact/hooks'
import { hashOf } from '../../hash'
import type { Files } from '../../judge/files'
import { keep, kept, whenKept } from '../common/keep'

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

/** Where nothing is kept, it is known while the page is open. */
const withFiles = new Map<number, string>()
const hashOfAll = (files: Files): string => hashOf(JSON.stringify([...files].sort()))

export function pass(lesson: number, files: Files): void {
  withFiles.set(lesson, hashOfAll(files))
  keep(`${NAME}/${lesson}`, hashOfAll(files))
  if (passed.has(lesson)) return
  // Another page may have passed others.
  change(new Set([...passed, ...read(), lesson]))
  keep(NAME, [...passed].sort())
}

/** Whether these are the files with which it was passed last. */
export const isPassedWith = (lesson: number, files: Files): boolean =>
  (kept(`${NAME}/${lesson}`) ?? withFiles.get(lesson)) === hashOfAll(files)

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
