/**
 * What the learner's code finds in this worker in place of the browser's own. The worker imports it first: what is made
 * before it, is made with the others.
 */
// It replaces Proxy.
import './node-util'

import { installChance } from './chance'
import { installConsole } from './printed'
import { installTimers } from './timers'

export const during = installChance()
export const printed = installConsole()
export const clearTimers = installTimers()
