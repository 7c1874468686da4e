/**
 * What judging asks of whatever it runs in, all in one place: how the learner's files are loaded and watched, how much time
 * they take, the process that is killed. This is Node; a worker of the page has a file of its own in place of this one.
 */
import { tap } from './modules'

export { taught, teachAndPullThePlug } from './kill-midway'
export { assertionsOfTap, compileAhead, loadModule, placeInSource, syntaxErrorIn, tap, unloadModules } from './modules'
export { processorTime } from './pulse'
export { serve } from './serve'
export { type Asked, standBetween } from './stand-between'

/** It takes a while, when somebody asks for it first. */
export const loadTap = (): void => void tap()
