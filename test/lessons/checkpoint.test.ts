/** `npm run checkpoint` as a learner runs it: exit codes, what is said, what is remembered, what learner's code may do. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { judgeAll, linesOn } from '../../src/checkpoints/check'
import { type Lesson, lessons } from '../../src/checkpoints/folders'
import type { Run } from '../../src/checkpoints/judge-process'
import { readProgress } from '../../src/checkpoints/progress-file'
import { main as checkpoint } from '../../src/cli/checkpoint'
import { drawn } from '../../src/cli/draw'
import { exitCodes } from '../../src/course/verdict'
import { cleanEnvironment } from '../clean-environment'

t.setTimeout(900_000)
const isLong = process.env.DOG_SCHOOL_LONG === '1'
const root = join(__dirname, '..', '..')
const main = join(root, 'src', 'cli', 'main.cjs')
const [one, two, three] = lessons() as [Lesson, Lesson, Lesson]

/** @param home a folder of this learner's own */
function learner(t: Test, home: string) {
  /** In a process of its own. */
  const start = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('node', [main, 'checkpoint', ...args], {
      cwd: home,
      env: cleanEnvironment({ DOG_SCHOOL_HOME: join(home, 'my-school') }),
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  }
  /** In this one, which takes less time. */
  const run = async (...args: string[]) => {
    const [was, cwd] = [process.env.DOG_SCHOOL_HOME, process.cwd()]
    const [log, error] = [t.capture(console, 'log'), t.capture(console, 'error')]
    const said = ({ args }: { args(): unknown[][] }) =>
      args()
        .map(([text]) => `${text}\n`)
        .join('')
    process.env.DOG_SCHOOL_HOME = join(home, 'my-school')
    process.chdir(home)
    try {
      return { status: await checkpoint(args), stdout: said(log), stderr: said(error) }
    } finally {
      process.chdir(cwd)
      if (was === undefined) delete process.env.DOG_SCHOOL_HOME
      else process.env.DOG_SCHOOL_HOME = was
      log.restore()
      error.restore()
    }
  }
  const write = (lesson: { name: string }, file: string, text: string) => {
    mkdirSync(join(home, 'my-school', lesson.name), { recursive: true })
    writeFileSync(join(home, 'my-school', lesson.name, file), text)
  }
  return { home, start, run, write }
}
const dog = (body: string) => `export class Dog {
  readonly tricks: string[] = []
  constructor(readonly name: string) {}
  addTrick(trick: string) {
    ${body}
  }
}
`

t.test('a lesson from its start to its end', async (t) => {
  const { home, start, run, write } = learner(t, t.testdir())
  const begun = start()
  t.equal(begun.status, 1, 'not yet')
  t.match(begun.stdout, /^Lesson 1 · my-school\/1-/, 'the first lesson is the one the learner is at')
  t.match(begun.stdout, /is new: it is a copy/)
  t.match(
    begun.stdout,
    /✓ Right dogs pass your test\.\n.*✓ Without a dog, it fails\.\n.*✗ Not true yet: It catches every wrong dog\./,
  )
  t.match(begun.stdout, /the dog +He forgets each trick as soon as he is taught it\./)
  t.match(begun.stdout, /Hint 1 of 3\n.*checkpoint -- 1 --hint 2/s)
  t.notMatch((await run()).stdout, /is new/)

  const solution = readFileSync(join(one.folder, 'solution', 'dog.test.ts'), 'utf8')
  write(one, 'dog.test.ts', solution)
  const passed = start('1')
  t.equal(passed.status, 0)
  t.match(passed.stdout, /Passed\. That was lesson 1\.\nNext: read lessons\/2-/)
  t.match((await run()).stdout, /^Lesson 2 ·/, 'the next one is at hand')
  t.equal(readFileSync(join(home, 'my-school', one.name, 'dog.test.ts'), 'utf8'), solution, 'nothing was overwritten')

  process.env.DOG_SCHOOL_HOME = join(home, 'my-school')
  const progress = await readProgress()
  delete process.env.DOG_SCHOOL_HOME
  t.match(progress?.lesson(1), { opened: true, passed: true, failures: 2, hints: 0 })
  t.match(progress?.lesson(2), { opened: true, passed: false, failures: 1, hint: 'no-add-trick' })
})

t.test('hints have levels', async (t) => {
  const { home, run } = learner(t, t.testdir())
  const last = (await run('2', '--hint', '3')).stdout
  const [judged] = await judgeAll(two, [join(home, 'my-school', two.name)])
  const [first, second] = [1, 2].map((level) => drawn(linesOn(two, judged as Run, { level })))
  const levels = [first, second, last]
  t.match(levels[0], /Hint 1 of 3\n +The test calls/)
  t.match(levels[1], /Hint 2 of 3\n +A method stands/)
  t.match(levels[2], /Hint 3 of 3\n.*addTrick\(trick: string\)/s)
  t.notMatch(levels[2], /--hint/)
})

t.test("the learner's code has its own short answer, with its own place", async (t) => {
  const { home, start, run, write } = learner(t, t.testdir())
  const answers: readonly (readonly [code: string, status: number, told: RegExp])[] = [
    [
      dog('this.tricks.push(trick)\n const n: number = trick'),
      2,
      /TypeScript does not accept it yet\.\n +dog\.ts:6:8 · Type 'string'/,
    ],
    [dog('process.exit(0)'), 2, /It called process\.exit\(\) .*\n +It called process\.exit\(0\)/],
    [
      dog('void Promise.reject(new Error("late")); this.tricks.push(trick)'),
      2,
      /A promise was rejected, and nothing handled it\.\n +dog\.ts:5:\d+ · Error: late/,
    ],
    [dog('throw new Error("no")'), 1, /got +throws Error: no\n +where +dog\.ts:5:\d+/],
    // A debug print is no matter.
    [dog('console.log("debug", trick); this.tricks.push(trick)'), 0, /Passed/],
    [
      "import { nothing } from './nowhere'\nexport const Dog = nothing\n",
      2,
      /dog\.ts:1:\d+ · Cannot find module '\.\/nowhere'/,
    ],
  ]
  const folders = answers.map(([code], at) => {
    const name = `answer-${at}`
    cpSync(join(two.folder, 'start'), join(home, 'my-school', name), { recursive: true })
    write({ name }, 'dog.ts', code)
    return join(home, 'my-school', name)
  })
  for (const [at, judged] of (await judgeAll(two, folders)).entries()) {
    const [code, status, told] = answers[at] as (typeof answers)[number]
    const text = drawn(linesOn(two, judged))
    t.equal(exitCodes[judged.verdict.outcome], status, code)
    t.match(text, told)
    t.notMatch(text, /checkpoint-|node:internal/, 'our own places are not shown')
  }

  // Alone, it cannot be taken for what another one has printed.
  write(two, 'dog.ts', dog('console.log("I learn", trick)'))
  t.match((await run('2')).stdout, /What your code printed:\n +\| I learn roll over/)
  // Where one file cannot be parsed, the compiler says nothing on the types of others.
  write(two, 'dog.ts', dog('this.tricks.push(trick'))
  const unparsed = /This is not valid TypeScript yet|TypeScript does not accept.*\n +dog\.ts:5:\d+ · /
  t.match(await run('2'), { status: 2, stdout: unparsed, stderr: '' })
  write(two, 'dog.ts', dog('while (true) {}'))
  t.match(start('2', '--time-limit', '0.7'), { status: 4, stdout: /did not end within 0\.7 seconds/, stderr: '' })
})

t.test('several lessons at once; and what does not exist', async (t) => {
  const { home, start, run } = learner(t, t.testdir())
  for (const { name, folder } of lessons())
    cpSync(join(folder, 'solution'), join(home, 'my-school', name), { recursive: true })
  const [count, ...asked] = isLong ? [lessons().length, '--all'] : [2, '2', '3']
  const { status, stdout } = await run(...asked)
  t.equal(status, 0)
  t.equal(stdout.match(/Passed\. That was lesson \d\./g)?.length, count)
  t.match(await run('0'), { status: 2, stderr: /There is no lesson 0\. Usage/ })
  t.match(await run('2', '--hint', '4'), { status: 2, stderr: /three levels/ })
  t.match(start('--nonsense'), { status: 2, stderr: /Unknown option '--nonsense'/ })
})

t.test('a learner whose progress cannot be kept is judged all the same', async (t) => {
  const { home, run, write } = learner(t, t.testdir())
  for (const file of ['dog.ts', 'dog.test.ts'])
    write(two, file, readFileSync(join(two.folder, 'solution', file), 'utf8'))
  writeFileSync(join(home, 'my-school', 'progress.db'), 'no database')
  t.match(await run('2'), { status: 0, stdout: /Passed/ })
  t.equal(readFileSync(join(home, 'my-school', 'progress.db'), 'utf8'), 'no database')
})

t.test('a checkpoint is a tap program, and a plain one', async (t) => {
  const folder = join(t.testdir(), 'answer')
  cpSync(join(three.folder, 'start'), folder, { recursive: true })
  const file = join(three.folder, 'checkpoint.test.ts')
  const env = cleanEnvironment({ DOG_SCHOOL_FOLDER: folder })
  const plain = spawnSync('node', [join(root, 'src/node/run.cjs'), file], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  t.equal(plain.status, 1)
  t.match(plain.stdout, /^TAP version 14\n.*not ok \d - aggregate\n.*hint: not-an-aggregate/s)
  cpSync(join(three.folder, 'solution'), folder, { recursive: true })
  const passed = spawnSync('node', [join(root, 'src/node/run.cjs'), file], { cwd: root, env, encoding: 'utf8' })
  t.match(passed, { status: 0, stdout: /^TAP version 14\n(ok \d+ - [\w-]+\n)+1\.\.\d+\n/ })
  if (!isLong) return
  const tap = spawnSync('node', [join(root, 'node_modules/tap/dist/esm/run.mjs'), '--reporter=tap', file], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  t.match(tap, { status: 0, stdout: /ok 1 - .*checkpoint\.test\.ts/ })
})

t.test('an interrupted copy is not taken for the work of the learner', async (t) => {
  const { home, run } = learner(t, t.testdir())
  mkdirSync(join(home, 'my-school', `${two.name}.99999`), { recursive: true })
  await run('2')
  t.strictSame(readdirSync(join(home, 'my-school', two.name)), ['dog.test.ts', 'dog.ts'])
  t.ok(existsSync(join(home, 'my-school', 'progress.db')))
})

t.test('an editor sees the code as the checkpoint does', async (t) => {
  const { home, run } = learner(t, t.testdir())
  await run('3')
  const tsc = () => {
    const args = [join(root, 'node_modules/typescript-7/bin/tsc'), '-p', join(home, 'my-school')]
    const { status, stdout } = spawnSync('node', args, { cwd: home, env: cleanEnvironment(), encoding: 'utf8' })
    return { status, stdout }
  }
  t.strictSame(tsc(), { status: 0, stdout: '' })
  cpSync(join(three.folder, 'solution'), join(home, 'my-school', three.name), { recursive: true })
  t.strictSame(tsc(), { status: 0, stdout: '' }, 'dog-school is found')
})
