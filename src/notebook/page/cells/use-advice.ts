/** Asks what TypeScript says of the code of a cell. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { EditorTypes } from '../editor/types'
import { adviceIn } from './advice'
import type { CellState } from './cell-state'

/**
 * What TypeScript says of code that has just run. It is asked when nothing runs any more, and is kept nowhere.
 *
 * @returns undefined while nothing is known, and where TypeScript is not there; and once it is other code, or runs again
 */
export function useAdvice(state: CellState, types: EditorTypes, isIdle: boolean): string | undefined {
  const { isBusy, hasRun, wasStopped, isDraft, code, shown } = state
  const [advice, setAdvice] = useState<string>()
  const asked = useRef({ isDue: false })
  const isOver = !isBusy && hasRun && !wasStopped && !isDraft && code !== undefined
  useEffect(() => {
    asked.current = { isDue: isBusy || (isOver && asked.current.isDue) }
    setAdvice(undefined)
  }, [isBusy, isOver, code, shown])
  useEffect(() => {
    const ask = asked.current
    if (!isOver || !isIdle || !ask.isDue) return
    ask.isDue = false
    types.errors(code).then(
      (problems) => ask === asked.current && setAdvice(adviceIn(code, problems, shown)),
      () => undefined,
    )
  }, [isOver, isIdle, code, shown])
  return isOver ? advice : undefined
}
