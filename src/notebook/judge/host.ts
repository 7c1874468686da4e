/** What judging asks of whatever it runs in: here a worker of the page (see checkpoints/judging/host.ts, which is Node). */
import type * as Node from '../../checkpoints/judging/host'
import type { Judging } from '../../checkpoints/judging/serve'
import * as modules from './modules'
import { process, whileAwaiting } from './node/process'

type Host = typeof Node

export const { compileAhead, loadModule, syntaxErrorIn, unloadModules } = modules
export const standBetween: Host['standBetween'] = modules.standBetween
/** tap, which has found the place, has used the source maps. */
export const placeInSource: Host['placeInSource'] = (place) => place

/** The checkpoints that have been loaded, by the names of their folders. */
export const checkpoints = new Map<string, Judging>()
export const serve: Host['serve'] = (lesson, judging) => void checkpoints.set(lesson, judging)

export const processorTime: Host['processorTime'] = () => process.cpuUsage().user

interface Tap {
  readonly tap: ReturnType<Host['tap']>
  readonly Assertions: ReturnType<Host['assertionsOfTap']>
}
let loaded: Tap | undefined
/** For a lesson that judges tests: called before it is judged. */
export function useTap(tap: Tap): void {
  loaded = tap
}
/** `useTap` has. */
export const loadTap: Host['loadTap'] = () => undefined
const ofTap = (): Tap => {
  if (!loaded) throw new Error('useTap() comes first')
  return loaded
}
export const tap: Host['tap'] = () => ofTap().tap
export const assertionsOfTap: Host['assertionsOfTap'] = () => ofTap().Assertions

export const taught: Host['taught'] = ['roll over', 'play dead']

let pull: Host['teachAndPullThePlug'] = async () => ({ problem: 'There is no plug here.' })
export function onPlug(then: typeof pull): void {
  pull = then
}
export const teachAndPullThePlug: Host['teachAndPullThePlug'] = (...asked) => whileAwaiting(pull(...asked))
