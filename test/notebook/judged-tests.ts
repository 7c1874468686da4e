/** What the judge makes of the test files in learner-tests.ts, in whatever it runs. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Assertion } from '../../src/checkpoints/judging/assertions'
import { isIdleWithin } from '../../src/checkpoints/judging/idle'
import { Unloadable } from '../../src/checkpoints/judging/load-answer'
import { runTests, type TestRun } from '../../src/checkpoints/judging/run-learner-tests'
import { files } from './learner-tests'

class Dog {
  readonly tricks: string[] = []
  constructor(readonly name: string) {}
  addTrick(trick: string): void {
    this.tricks.push(trick)
  }
}

/**
 * @param folder is there, and empty
 * @param which of the files, by their names
 */
export async function judgedTests(folder: string, which = /./): Promise<ReadonlyMap<string, Judged>> {
  const judged = new Map<string, Judged>()
  for (const [at, [name, code]] of [...files].entries()) {
    if (!which.test(name)) continue
    const file = `test-${at}.ts`
    writeFileSync(join(folder, file), code)
    judged.set(name, asData(await runTests(folder, file, { Dog })))
    // What a test has left under way is not to be heard by the next one.
    await isIdleWithin(100)
  }
  return judged
}

const assertion = ({ method, shown, passed, place }: Assertion) => ({
  method,
  shown: shown.map((text) => text.replace(/\n +at .*/g, '').replace(/^Promise \{[\s\S]*\}$/, 'Promise { … }')),
  passed,
  place,
})

export type Judged = ReturnType<typeof asData>

/** What can be sent: of the values in it, how they are shown. */
function asData({ made, failure, problem, ...run }: TestRun) {
  const asserted = failure?.asserted && assertion(failure.asserted)
  return {
    ...run,
    made: made.map(assertion),
    failure: failure && { ...failure, asserted },
    problem: problem instanceof Unloadable ? problem.trouble : problem && String(problem),
  }
}
