/**
 * How things are measured here: ours and its floor take turns in one run, so that whatever else the machine
 * does happens to both; what counts is the median of the turns, and the ratio of the two medians.
 */
import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
/** Collects what nobody holds any more. */
const collect = runInNewContext('gc') as () => void

export interface Figure {
  readonly what: string
  /** Work done a second, or milliseconds where `unit` says so. */
  readonly ours: number
  readonly unit: string
  /** The least that anybody could do for the same result, written by hand. */
  readonly floor?: { readonly what: string; readonly figure: number } | undefined
}

/** Something to be timed: it prepares itself untimed, and gives what is timed. */
export type Work = () => Promise<() => unknown> | (() => unknown)

/** How long it takes, once it has prepared itself. */
export async function seconds(work: Work): Promise<number> {
  const run = await work()
  globalThis.gc?.()
  const start = performance.now()
  await run()
  return (performance.now() - start) / 1000
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

interface Turn {
  readonly what: string
  /** How many units of work one turn does. */
  readonly count: number
  readonly unit?: string
  readonly ours: Work
  readonly floor?: { readonly what: string; readonly work: Work }
  readonly turns?: number
}

/** Units of work a second, ours beside its floor. The first turn of each warms up and does not count. */
export async function rate({ what, count, unit = 'events/s', ours, floor, turns = 7 }: Turn): Promise<Figure> {
  const [mine, least]: [number[], number[]] = [[], []]
  for (let turn = 0; turn <= turns; turn++) {
    const times = [await seconds(ours), floor ? await seconds(floor.work) : Number.NaN]
    if (turn === 0) continue
    mine.push(count / (times[0] as number))
    least.push(count / (times[1] as number))
  }
  return { what, unit, ours: median(mine), floor: floor && { what: floor.what, figure: median(least) } }
}

/** How long nothing else can be done while something is going on, in milliseconds: the longest of the times. */
export async function standstill(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }, 1)
  await work()
  // The last time may end with the work.
  await new Promise((resolve) => setTimeout(resolve, 5))
  clearInterval(timer)
  return longest
}

/** How long something takes, in milliseconds: the median. */
export async function duration(
  what: string,
  ours: Work,
  floor?: { readonly what: string; readonly work: Work },
  turns = 5,
): Promise<Figure> {
  const { floor: least, ...figure } = await rate({ what, count: 1, ours, turns, ...(floor && { floor }) })
  const milliseconds = (each: number) => 1000 / each
  return {
    ...figure,
    unit: 'ms',
    ours: milliseconds(figure.ours),
    floor: least && { what: least.what, figure: milliseconds(least.figure) },
  }
}

/** Something that is held: what it is made with is not counted. */
export type Held = () => unknown

/** Bytes of objects, and of what they hold outside of the heap. */
function used(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** How many bytes of memory each of `count` things takes that are held. */
export async function memory(what: string, count: number, ours: Held, floor?: { what: string; held: Held }) {
  const bytes = async (held: Held) => {
    collect()
    const before = used()
    const kept = [await held()]
    collect()
    const after = used()
    kept.length = 0
    return (after - before) / count
  }
  return {
    what,
    unit: 'bytes',
    ours: await bytes(ours),
    floor: floor && { what: floor.what, figure: await bytes(floor.held) },
  } satisfies Figure
}
