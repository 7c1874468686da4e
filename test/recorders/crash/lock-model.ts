/**
 * Every way in which processes that take and release one lock can be interleaved, one step on the disk at a
 * time, with crashes at any of them. There is no clock and no real process in it.
 *
 * The code is the real one. What a process does next depends only on what its steps so far have given, so it is
 * run again from its beginning with these, up to the first step that is new; and that is remembered.
 */
import { type Disk, type FileState, nodeDisk } from 'dog-school/sqlite'
import { Lock } from '../../../src/recorders/sqlite/lock'
import type { Owner } from '../../../src/recorders/sqlite/owner'

const database = 'a.db'
const lock = `${database}.dog-school-lock`
/** The numbers of processes that were killed before. */
const longDead = 1000
const host = 'here'

type Step =
  | { readonly does: 'create'; readonly path: string; readonly text: string }
  | { readonly does: 'read' | 'stat' | 'remove'; readonly path: string }
  | { readonly does: 'judge'; readonly pid: number }
  | { readonly does: 'work' }
type Result = string | boolean | null

/** Where a process stands: at its next step, or at its end. */
interface Place {
  /** Another number for each place. */
  readonly id: number
  readonly next: Step | undefined
  /** The key under which it believes to have the lock. */
  readonly holds: string | undefined
  readonly hasHeld: boolean
  /** Where it stands when the next step has given this. */
  after(result: Result): Place
}

interface State {
  readonly files: Readonly<Record<string, string>>
  readonly places: readonly Place[]
  readonly dead: readonly number[]
}

export interface Model {
  readonly processes: number
  /** How often each of them takes the lock. */
  readonly rounds?: number
  readonly crashes?: number
  /** The locks that processes have left which were killed before: `''` is the lock, `.takeover` that for taking over. */
  readonly stale?: readonly string[]
  /** A wrong answer, to see that it is noticed. */
  readonly judge?: (isGone: boolean) => boolean
}

export interface Explored {
  readonly states: number
  /** What should never be, each sort of it once, with the steps that lead there. */
  readonly faults: readonly string[]
}

const anyFile = nodeDisk.stat(__filename) as FileState

class Paused extends Error {}

/** Runs a process with what its steps have given, up to the first step that is new. */
function run(process: number, rounds: number, past: readonly Result[]): Omit<Place, 'id' | 'after'> {
  let done = 0
  let next: Step | undefined
  let holds: string | undefined
  let hasHeld = false
  const step = (what: Step): Result => {
    if (!next && done < past.length) return past[done++] as Result
    // Errors are caught here and there, but nothing can be done after this.
    next ??= what
    throw new Paused()
  }
  const disk: Disk = {
    ...nodeDisk,
    create: (path, bytes) => step({ does: 'create', path, text: Buffer.from(bytes).toString() }) as boolean,
    read(path) {
      const text = step({ does: 'read', path }) as string | null
      return text === null ? undefined : Buffer.from(text)
    },
    stat(path) {
      const isThere = step({ does: 'stat', path })
      return isThere ? { ...anyFile, stamp: `${done}` } : undefined
    },
    remove: (path) => void step({ does: 'remove', path }),
  }
  const isGone = ({ pid }: Owner): boolean => step({ does: 'judge', pid }) as boolean
  try {
    for (let round = 1; round <= rounds; round++) {
      const self = { pid: 1 + process, host, key: `${process}.${round}` }
      let taken: Lock
      try {
        taken = Lock.take(disk, database, { self, isGone })
      } catch {
        if (next) break
        continue
      }
      if (next) break
      holds = self.key
      hasHeld = true
      step({ does: 'work' })
      holds = undefined
      taken.release()
    }
  } catch (error) {
    if (!next) throw error
  }
  return { next, holds, hasHeld }
}

let count = 0
function place(process: number, rounds: number, past: readonly Result[]): Place {
  const known = new Map<Result, Place>()
  return {
    ...run(process, rounds, past),
    id: count++,
    after(result) {
      const after = known.get(result) ?? place(process, rounds, [...past, result])
      known.set(result, after)
      return after
    },
  }
}

const textOf = (owner: Owner): string => JSON.stringify(owner)
const keys = new Map<string, string>()
function keyIn(text: string): string {
  const key = keys.get(text) ?? (JSON.parse(text) as Owner).key
  keys.set(text, key)
  return key
}

/** Visits every state that can be reached. */
export function explore({ processes, rounds = 1, crashes = 0, stale = [], judge = (is) => is }: Model): Explored {
  /** What a step gives, and the files after it. */
  const take = (step: Step, { files, dead }: Pick<State, 'files' | 'dead'>): [Result, State['files']] => {
    if (step.does === 'judge') return [judge(step.pid >= longDead || dead.includes(step.pid - 1)), files]
    if (step.does === 'work') return [null, files]
    const text = files[step.path]
    if (step.does === 'read') return [text ?? null, files]
    if (step.does === 'stat') return [text !== undefined, files]
    if (step.does === 'create')
      return text === undefined ? [true, { ...files, [step.path]: step.text }] : [false, files]
    const { [step.path]: _, ...others } = files
    return [null, others]
  }
  const after = (process: number, { files, places, dead }: State): State => {
    const [result, left] = take(places[process]?.next as Step, { files, dead })
    const place = (places[process] as Place).after(result)
    const moved = { files: left, places: places.with(process, place), dead }
    // Nothing that others do can change this any more, so it need not be tried at every moment.
    const isSettled = place.next?.does === 'judge' && (dead.length === crashes || place.next.pid >= longDead)
    return isSettled ? after(process, moved) : moved
  }
  /** May somebody who comes when all others have ended have the lock, and let go of it? */
  const isFree = (state: State): boolean => {
    let alone: State = { ...state, places: [...state.places, last] }
    for (;;) {
      const { next, hasHeld } = alone.places[processes] as Place
      if (!next) return hasHeld && !alone.files[lock]
      alone = after(processes, alone)
    }
  }
  /** What is wrong with a state, if anything is. */
  const faultIn = (state: State): string | undefined => {
    const { files, places, dead } = state
    const [holder, another] = places.filter(({ holds }, process) => holds && !dead.includes(process))
    if (another) return 'two have the lock'
    if (holder && !(files[lock] && keyIn(files[lock]) === holder.holds)) return 'the lock of one who lives is gone'
    if (places.some(({ next }, process) => next && !dead.includes(process))) return undefined
    if (!isFree(state)) return 'nobody can ever have the lock again'
    if (dead.length > 0) return undefined
    if (!places.some(({ hasHeld }) => hasHeld)) return 'all came, and nobody had the lock'
    return Object.keys(files).length > 0 ? 'something is left behind' : undefined
  }

  const left = stale.map((ending, at) => [lock + ending, textOf({ pid: longDead + at, host, key: `stale ${at}` })])
  const starts = Array.from({ length: processes }, (_, process) => place(process, rounds, []))
  const last = place(processes, 1, [])
  const first: State = { files: Object.fromEntries(left), places: starts, dead: [] }
  const nameOf = ({ files, places, dead }: State): string => {
    const there = Object.entries(files).map(([path, text]) => `${path.length} ${keyIn(text)}`)
    const hasAnybodyHeld = places.some(({ hasHeld }) => hasHeld)
    const where = places.map(({ id, next }, process) => (dead.includes(process) ? 'dead' : next ? id : 'end'))
    return `${there.sort()},${where},${hasAnybodyHeld}`
  }
  const seen = new Set([nameOf(first)])
  const faults = new Map<string, string>()
  const waiting: { state: State; way: Way | undefined }[] = [{ state: first, way: undefined }]
  for (let each = waiting.pop(); each; each = waiting.pop()) {
    const { state, way } = each
    const fault = faultIn(state)
    if (fault) {
      if (!faults.has(fault)) faults.set(fault, `${fault}: ${steps(way)}`)
      continue
    }
    for (const [process, { next }] of state.places.entries()) {
      if (!next || state.dead.includes(process)) continue
      const where = 'path' in next ? next.path.slice(lock.length) || 'lock' : ''
      const choices = [{ state: after(process, state), way: { step: `${process} ${next.does} ${where}`, before: way } }]
      if (state.dead.length < crashes)
        choices.push({
          state: { ...state, dead: [...state.dead, process] },
          way: { step: `${process} is killed`, before: way },
        })
      for (const choice of choices) {
        const name = nameOf(choice.state)
        if (seen.has(name)) continue
        seen.add(name)
        waiting.push(choice)
      }
    }
  }
  return { states: seen.size, faults: [...faults.values()] }
}

/** How a state was come to. */
interface Way {
  readonly step: string
  readonly before: Way | undefined
}

const steps = (way: Way | undefined): string => (way ? `${steps(way.before)} ${way.step};` : '')
