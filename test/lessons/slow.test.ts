/**
 * Slowness is never a mistake: an answer is timed by what it uses of the processor. In the long form each start, each
 * solution and each right answer of another style is judged while twenty processes more want the processor.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { linesOn } from '../../src/checkpoints/check'
import { hintsOf, type Lesson, lessons } from '../../src/checkpoints/folders'
import { judgeFolders } from '../../src/checkpoints/judge-process'
import { TimeLimit } from '../../src/checkpoints/time-limit'
import { readParts } from '../../src/cli/lesson-parts'
import { answerFault, judgeAnswers } from '../../src/cli/verify-answers'
import { joined, type Verdict } from '../../src/course/verdict'

const isLong = process.env.DOG_SCHOOL_LONG === '1'
const [, two] = lessons() as [Lesson, Lesson]

t.test('the limit is one of the processor, for each answer', async (t) => {
  const heard: Verdict[] = []
  const time = new TimeLimit(2, (verdict) => heard.push(verdict))
  time.pulse(9e6)
  t.strictSame(heard, [], 'what the kit itself uses before is not counted')
  time.begin(9e6)
  time.pulse(10.9e6)
  time.begin(10.9e6)
  time.pulse(12.8e6)
  t.strictSame(heard, [])
  time.pulse(13e6)
  t.strictSame(heard, [{ outcome: 'endless', passed: [], limit: 2 }])
  time.pulse(99e6)
  t.equal(heard.length, 1, 'it is said once')
})

t.test('what waits is stopped by the clock, what computes slowly is not', async (t) => {
  const heard: Verdict[] = []
  let ring: () => void = () => undefined
  const after = (seconds: number, then: (waited: number) => void) => {
    ring = () => then(seconds)
    return () => undefined
  }
  const time = new TimeLimit(10, (verdict) => heard.push(verdict), { after })
  time.begin(0)
  for (const used of [2e6, 4e6, 6e6]) {
    time.pulse(used)
    ring()
  }
  t.strictSame(heard, [], 'each time it had used something')
  time.pulse(6.5e6)
  ring()
  t.match(heard, [{ outcome: 'endless', waited: 60 }])
})

t.test('a loop, what goes on after its verdict and a right answer, in turn', async (t) => {
  const body = (statement: string) =>
    `export class Dog {\n  tricks: string[] = []\n  constructor(readonly name: string) {}\n  addTrick(trick: string) {\n    ${statement}\n    this.tricks.push(trick)\n  }\n}\n`
  const home = t.testdir()
  const afterVerdict = (then: string) =>
    `const { send } = process; process.send = (said) => send.call(process, said, ${then})`
  const late = ['() => setTimeout(process.exit, 5)', '() => { for (;;); }'].map(afterVerdict)
  const left = ['setInterval(() => {}, 50)', ...late]
  const folders = ['while (true) {}', ...left, ''].map((statement, at) => {
    const folder = join(home, String(at))
    mkdirSync(folder, { recursive: true })
    cpSync(join(two.folder, 'start'), folder, { recursive: true })
    writeFileSync(join(folder, 'dog.ts'), body(statement))
    return folder
  })
  // A right answer takes some hundredths of it: what the kit compiles before is not counted.
  const limit = 0.5
  const runs = await judgeFolders(two.folder, folders, { limit })
  t.match(
    runs.map(({ verdict }) => verdict),
    [{ outcome: 'endless', limit }, ...[...left, ''].map(() => ({ outcome: 'passed' }))],
    'what one has left under way is no matter of the next',
  )
  const said = linesOn(two, runs[0] as (typeof runs)[number])
    .map(({ text }) => text)
    .join('\n')
  t.match(said, /did not end within 0.5 seconds of computing.*Hint 1 of 3.*Which loop in it has no way out/s)
})

t.test('what TypeScript has to say is not hidden by a limit', async (t) => {
  const complaint = { obstacle: 'syntax', message: "',' expected." } as const
  for (const endless of [{ waited: 60 }, { limit: 5 }]) {
    const verdict = joined({ outcome: 'endless', passed: [], ...endless }, [complaint], hintsOf(two).has)
    t.match(verdict, { outcome: 'unloadable', trouble: complaint })
  }
})

const reason = 'in the long form only: npm run test:long'
t.test('on a machine that is far too busy', { skip: isLong ? false : reason }, async (t) => {
  // The others stay as fast as they were: only this process and its children share what is left.
  setPriority(process.pid, constants.priority.PRIORITY_LOW)
  const busy: ChildProcess[] = Array.from({ length: 20 }, () => spawn(process.execPath, ['-e', 'for (;;);']))
  t.teardown(() => {
    for (const each of busy) each.kill('SIGKILL')
  })
  for (const lesson of lessons()) {
    const parts = readParts(lesson)
    const hints = new Map([...parts.hints].map(([id, hint]) => [id, { ...hint, wrongAnswers: new Map() }]))
    const judged = await judgeAnswers(lesson, { ...parts, hints })
    t.ok(judged.length >= 4)
    t.strictSame(
      judged.flatMap((each) => answerFault(each) ?? []),
      [],
      `lesson ${lesson.number}`,
    )
  }
})
