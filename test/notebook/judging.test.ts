/** What an answer may do to the worker that judges it: loop, wait, leave, break, print. The next answer does not notice. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t, { type Test } from 'tap'
import * as ts from 'typescript'
import { filesIn, type Lesson, lessons } from '../../src/checkpoints/folders'
import { builtNotebook } from '../../src/cli/build-notebook'
import type { Named } from '../../src/notebook/judge/protocol'
import { Judges, type Thread } from '../../src/notebook/judge/workers'
import { compile, judgeScript, judgesOfPage, patient } from './judges'

/** For answers that are to be ended. A worker that is not heard of for so long may be one that a busy machine has not come to. */
const hasty = { computing: 2, waiting: 3 }
const limits = { ...patient }
const right = 'export class Dog {\n  tricks: string[] = []\n  constructor(readonly name: string) {}\n'
const learning = `${right}  addTrick(trick: string) {\n    this.tricks.push(trick)\n  }\n}\n`
const test = "import t from 'tap'\nimport { Dog } from './dog'\nt.equal(new Dog('Fido').name, 'Fido')\n"
const dog = (code: string): Named => [
  ['dog.test.ts', test],
  ['dog.ts', code],
]

const judges = judgesOfPage(limits)
t.teardown(async () => (await judges).end())
const judge = async (code: string) => (await judges).judge(2, dog(code))

/**
 * Judges what never ends. While the machine stands still, who waits looks like one who works: then a wrong verdict proves nothing,
 * and the answer is judged again.
 */
async function isEnded(t: Test, lesson: number, answer: Named, wanted: object, name = 'it is ended'): Promise<void> {
  const expected = { outcome: 'endless', passed: [], ...wanted }
  Object.assign(limits, hasty)
  for (;;) {
    let [seen, stoodStill] = [performance.now(), false]
    const heart = setInterval(() => {
      stoodStill ||= performance.now() - seen > 300
      seen = performance.now()
    }, 50)
    const { verdict } = await (await judges).judge(lesson, answer)
    clearInterval(heart)
    if (stoodStill && !isDeepStrictEqual(verdict, expected)) continue
    Object.assign(limits, patient)
    t.strictSame(verdict, expected, name)
    return
  }
}

async function nextIsRight(t: Test): Promise<void> {
  const { verdict, printed } = await judge(learning)
  t.strictSame([verdict.outcome, printed], ['passed', ''], 'the next answer')
}

t.test('a loop that never ends is ended', async (t) => {
  await isEnded(t, 2, dog(`${right}  addTrick() {\n    for (;;);\n  }\n}\n`), { limit: hasty.computing })
  await nextIsRight(t)
})

t.test('who waits for what never comes is told so, and who waits for too long is ended', async (t) => {
  const waits = (promise: string) => `await ${promise}\n${learning}`.replace('await', 'export const waits =')
  t.equal((await judge(waits('new Promise(() => undefined)'))).verdict.outcome, 'passed', 'nobody waits for it')
  const school = 'export class DogSchool extends Application {\n  registerDog() {\n    return WAIT\n  }\n}\n'
  const files = (wait: string): Named => [
    [
      'dog-school.ts',
      `import { Application, Aggregate, event } from 'dog-school'\n${aggregate}${school.replace('WAIT', wait)}`,
    ],
  ]
  const aggregate = [
    "@event('Registered')\nexport class Dog extends Aggregate {\n  tricks: string[] = []",
    '  constructor(readonly name: string) {\n    super()\n  }',
    "  @event('TrickAdded')\n  addTrick(trick: string) {\n    this.tricks.push(trick)\n  }\n}\n",
  ].join('\n')
  const method = '  addTrick() {}\n  getDog() {}\n'
  const all = (wait: string) =>
    files(wait).map(([name, text]) => [name, text.replace('  registerDog', `${method}  registerDog`)] as const)
  const never = await (await judges).judge(5, all('new Promise(() => undefined)'))
  t.match(never.verdict, { outcome: 'endless', limit: undefined, waited: undefined })
  await isEnded(t, 5, all('new Promise((then) => setTimeout(then, 1e8))'), { waited: hasty.waiting })
  await nextIsRight(t)
})

t.test('who leaves is ended', async (t) => {
  const { verdict } = await judge(`process.exit(3)\n${learning}`)
  t.match(verdict, { outcome: 'unloadable', trouble: { obstacle: 'exit', message: 'It called process.exit(3).' } })
  await nextIsRight(t)
})

t.test('what is thrown where nobody catches it', async (t) => {
  const later = await judge(`setTimeout(() => {\n  throw new Error('late')\n})\n${learning}`)
  t.match(later.verdict.outcome, /passed|unloadable/)
  const rejected = await judge(`void Promise.reject(new Error('no'))\n${learning}`)
  t.match(rejected.verdict, {
    outcome: 'unloadable',
    trouble: { obstacle: 'rejection', message: 'Error: no', place: { file: 'dog.ts', line: 1, column: 21 } },
  })
  await nextIsRight(t)
})

t.test('what is printed comes with the verdict', async (t) => {
  const { printed } = await judge(`console.log('Fido', { tricks: ['sit'] })\nconsole.error(1)\n${learning}`)
  t.equal(printed, "Fido { tricks: [ 'sit' ] }\n1\n")
  await nextIsRight(t)
})

t.test('what an answer leaves under way ends with its worker', async (t) => {
  const { verdict } = await judge(`setInterval(() => console.log('still here'), 1)\n${learning}`)
  t.equal(verdict.outcome, 'passed')
  await nextIsRight(t)
})

t.test('a timer for which nobody has waited does not ring in the next answer', async (t) => {
  const { verdict } = await judge(`setTimeout(() => console.log('still here'), 100).unref()\n${learning}`)
  t.equal(verdict.outcome, 'passed')
  const late = await judge(`const start = Date.now()\nwhile (Date.now() < start + 150);\n${learning}`)
  t.strictSame([late.verdict.outcome, late.printed], ['passed', ''])
})

t.test('who does not want to know any more ends the judging', async (t) => {
  const { signal, abort } = ((controller) => ({ signal: controller.signal, abort: () => controller.abort() }))(
    new AbortController(),
  )
  const judged = (await judges).judge(2, dog(`for (;;);\n${learning}`), signal)
  abort()
  await t.rejects(judged, { name: 'AbortError' })
  await t.rejects((await judges).judge(2, dog(learning), signal), { name: 'AbortError' })
  await nextIsRight(t)
})

t.test('where no worker can be had, the kit is broken, and is asked again the next time', async (t) => {
  let asked = 0
  const none = new Judges(async (): Promise<Thread> => {
    asked++
    throw new Error('confined.html could not be loaded')
  }, compile)
  for (const times of [1, 2]) {
    const { verdict } = await none.judge(2, dog(learning))
    t.strictSame(verdict, { outcome: 'broken', passed: [], message: 'Error: confined.html could not be loaded' })
    t.equal(asked, times)
  }
})

t.test('where the file of a worker cannot be loaded, that is said, whenever the browser says so', async (t) => {
  const message = 'What judges answers could not be loaded: try again when there is a network.'
  let fail = (_: { readonly message?: string }) => {}
  let asked = 0
  const start = async (): Promise<Thread> => {
    asked++
    return {
      postMessage: () => {},
      terminate: () => {},
      addEventListener: (type, hear) => {
        if (type === 'error') fail = hear
      },
    }
  }
  /** By then, a worker that was asked for is there. */
  const soon = () => new Promise((then) => setImmediate(then))
  const absent = { message: 'Uncaught TypeError: Failed to fetch dynamically imported module: judge.js' }
  for (const event of [absent, {}]) {
    const judged = new Judges(start, async (files) => {
      await soon()
      fail(event)
      return compile(files)
    }).judge(2, dog(learning))
    t.strictSame((await judged).verdict, { outcome: 'broken', passed: [], message }, 'while the answer is compiled')
  }
  asked = 0
  const warmed = new Judges(start, async (files) => {
    await soon()
    fail({ message: 'Uncaught SyntaxError' })
    return compile(files)
  })
  warmed.warm(2)
  await soon()
  fail(absent)
  t.match((await warmed.judge(2, dog(learning))).verdict, { outcome: 'broken', message: 'Uncaught SyntaxError' })
  t.equal(asked, 2, 'one that was broken before it was needed is not asked')
})

t.test('a checkpoint is called by its own folder, also where the kit lies below others of the name', async (t) => {
  const { loadConfigFromFile } = await import('vite')
  const file = join(__dirname, '..', '..', 'src', 'notebook', 'vite.config.mts')
  const loaded = await loadConfigFromFile({ command: 'build', mode: 'production' }, file, undefined, 'error')
  const plugin = [loaded?.config.plugins].flat().find((each) => Object(each).name === 'judge')
  const { handler } = Reflect.get(Object(plugin), 'transform')
  const { code } = handler('judge(__dirname, all)', '/home/me/lessons/kit/lessons/2-a-lesson/checkpoint.test.ts')
  t.equal(code, "judge('2-a-lesson', all)")
})

t.test('no compiler is loaded for it', async (t) => {
  const assets = join(await builtNotebook(), 'assets')
  const names = readFileSync(join(assets, judgeScript(assets)), 'utf8').match(
    /(?<=import\(.\.\/)\w+(?=-[\w-]+\.js.\))/g,
  )
  t.strictSame([...new Set(names)], ['zod'])
})

t.test('the dogs of the lessons keep their names, which errors tell', async (t) => {
  const assets = join(await builtNotebook(), 'assets')
  const script = readFileSync(join(assets, judgeScript(assets)), 'utf8')
  // Of two that are called alike in one file, the build calls one otherwise.
  const otherwise = new Set([...script.matchAll(/\b(\w+)\$\d+ ?= ?class\b/g)].map(([, name]) => name))
  t.ok(otherwise.size > 0, 'there are such')
  for (const { folder } of lessons())
    for (const file of readdirSync(folder).filter((name) => /^(dogs|probes)\.ts$/.test(name)))
      for (const [, name] of readFileSync(join(folder, file), 'utf8').matchAll(/^(?:export )?class (\w+)/gm))
        t.notOk(otherwise.has(name), `${name} of ${folder}`)
})

t.test('a worker that is confined begins with no import: Firefox takes it for a worker that is started', async (t) => {
  const assets = join(await builtNotebook(), 'assets')
  const scripts = readdirSync(assets).filter((name) => /^(judge-)?worker-.*\.js$/.test(name))
  t.equal(scripts.length, 2)
  for (const name of scripts) {
    const { statements } = ts.createSourceFile(name, readFileSync(join(assets, name), 'utf8'), ts.ScriptTarget.Latest)
    t.ok(statements.length > 100, `${name} has ${statements.length} statements`)
    t.strictSame(
      statements
        .filter(ts.isImportDeclaration)
        .map(({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral).text),
      [],
    )
  }
})

t.test('who goes on without end, a little at a time, gets the verdict of the terminal', async (t) => {
  const five = lessons()[4] as Lesson
  const [[name = '', solution = ''] = []] = filesIn(join(five.folder, 'solution'))
  const answer = (code: string) => solution.replace(/registerDog\(.*\{\n/, (line) => `${line}${code}\n`)
  const never = 'await new Promise(() => {})'
  for (const code of [
    'for (;;) await new Promise((then) => setTimeout(then))',
    'for (;;) await new Promise((then) => setImmediate(then))',
    'for (;;) await null',
    `setInterval(() => {}, 1); ${never}`,
  ])
    await isEnded(t, 5, [[name, answer(code)]], { limit: hasty.computing }, code)
  const little = answer(`setInterval(() => {}, 500); ${never}`)
  await isEnded(t, 5, [[name, little]], { waited: hasty.waiting }, 'who has little to do waits, in both')
})
