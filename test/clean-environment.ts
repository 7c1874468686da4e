import { tmpdir } from 'node:os'
import { join } from 'node:path'

export { shortLived } from '../src/node/paths'

/** Where a learner has done nothing yet. */
export const nobodysHome = join(tmpdir(), 'dog-school-of-nobody')

/**
 * The environment for a program that a test starts: without what the test runner has put there for itself, and without
 * what a developer has done in the course.
 */
export function cleanEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own =
    /^(TS_NODE_|TAP|_TAPJS_|NODE_OPTIONS$|NODE_V8_COVERAGE$|npm_|FORCE_COLOR$|NO_COLOR$|NODE_DISABLE_COLORS$|COLORTERM$|CI$|TMUX$|DOG_SCHOOL_)/
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name))
  return { ...Object.fromEntries(kept), DOG_SCHOOL_HOME: nobodysHome, ...extra }
}
