/** What tests asserted about a dog that got away, in lines: where nobody foresaw the mistake, this is what names it. */
import type { Assertion } from './assertions'
import type { TestRun } from './run-learner-tests'

const MOST = 8

/** Those that saw something else than of a right dog, and passed all the same; undefined values are as good as any. */
export function unmoved(run: TestRun, right: TestRun): readonly Assertion[] {
  return run.made.filter((each, at) => {
    const other = right.made[at]
    return other && place(other) === place(each) && steady(found(each)) !== steady(found(other))
  })
}

/**
 * Where some assertions saw what is wrong with this dog, those, with what they saw; else all of them, which looked
 * elsewhere.
 */
export function asserted(run: TestRun, right: TestRun): readonly string[] {
  const blind = unmoved(run, right)
  const made = blind.length > 0 ? blind : run.made
  const lines = new Map(made.map((each, at) => [place(each) ?? at, line(each, blind.length > 0)]))
  const all = [...lines.values()]
  if (all.length === 0) return run.asserts > 0 ? [] : ['nothing']
  const more = all.length - MOST
  return more > 0 ? [`${more} more, and then`, ...all.slice(-MOST)] : all
}

function line(assertion: Assertion, isBlind: boolean): string {
  const { place, method } = assertion
  const code = place ? `line ${place.line}: ${place.code}` : method
  return isBlind ? `${code}\n  passes with ${found(assertion).replace(/\s+/g, ' ')}` : code
}

const found = ({ shown: [first = ''] }: Assertion) => first
/** Not every browser says where it stands. */
const place = ({ place }: Assertion) => place && `${place.file}:${place.line}:${place.column}`
/** Ids and times are other ones in each run. */
const steady = (text: string) => text.replace(/[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…')
