/** The modules of Node that the learner's code may ask for, by their names. */
import assert from '@jspm/core/nodelibs/assert'
import * as buffer from '@jspm/core/nodelibs/buffer'
import events from '@jspm/core/nodelibs/events'
import * as util from '../../worker/node-util'
import fs from './fs'
import path from './path'
import { process } from './process'
import * as small from './small'
import * as timers from './timers'
import * as timersPromises from './timers-promises'

const { hostname, tmpdir, homedir, platform, EOL, availableParallelism, loadavg } = small
const { randomUUID, randomBytes, getRandomValues, webcrypto, subtle } = small

export const builtins: Readonly<Record<string, () => unknown>> = {
  'node:assert': () => assert,
  'node:assert/strict': () => (assert as { readonly strict: unknown }).strict,
  'node:buffer': () => buffer,
  'node:crypto': () => ({ randomUUID, randomBytes, getRandomValues, webcrypto, subtle }),
  'node:events': () => events,
  'node:fs': () => fs,
  'node:fs/promises': () => fs.promises,
  'node:os': () => ({ hostname, tmpdir, homedir, platform, EOL, availableParallelism, loadavg }),
  'node:path': () => path,
  'node:process': () => process,
  'node:timers': () => timers,
  'node:timers/promises': () => timersPromises,
  'node:util': () => util,
}
