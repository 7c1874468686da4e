/** A lesson is added, moved and taken out, and nothing but its folder is touched: in a copy of the lessons. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { check } from '../../src/checkpoints/check'
import { type Lesson, lessons, workspaceOf } from '../../src/checkpoints/folders'
import { readParts } from '../../src/cli/lesson-parts'
import { main as newLesson } from '../../src/cli/new-lesson'
import { proofsOf, startFaults } from '../../src/cli/verify'
import { textFaults } from '../../src/course/proof'
import { Completer } from '../../src/repl/terminal/completer'
import { cleanEnvironment } from '../clean-environment'
import { sit } from '../repl/sitting'

const root = join(__dirname, '..', '..')
const copy = t.testdir()
cpSync(join(root, 'lessons'), join(copy, 'lessons'), { recursive: true })
symlinkSync(join(root, 'src'), join(copy, 'src'), 'junction')
process.env.DOG_SCHOOL_LESSONS = join(copy, 'lessons')
process.env.DOG_SCHOOL_HOME = join(copy, 'my-school')

t.setTimeout(1_200_000)
const count = lessons().length
const number = count + 1
const before = lessons().at(-1) as Lesson
const name = `${number}-barking`
const lesson: Lesson = { number, name, folder: join(copy, 'lessons', name) }

const write = (file: string, text: string) => {
  mkdirSync(dirname(join(lesson.folder, file)), { recursive: true })
  writeFileSync(join(lesson.folder, file), text)
}
const dog = readFileSync(join(before.folder, 'solution', 'dog.ts'), 'utf8')
const barking = (body: string) => dog.replace(/}\s*$/, `\n  bark() {\n    ${body}\n  }\n}\n`)
const answer = (body: string) => `\`\`\`ts dog.ts\n${barking(body)}\`\`\`\n`
const long = Array.from({ length: 40 }, () => 'word').join(' ')
const hint = (level: string) =>
  [
    '## 1',
    level,
    '## 2',
    level,
    '## 3',
    "`return 'Woof'`",
    '## Wrong answers',
    '### Says nothing',
    answer("return ''"),
  ].join('\n\n')
const notebook = `# ${number} · Barking

He is quiet.

\`\`\`ts predict
new Dog('Fido').name // → ?
\`\`\`

\`'Fido'\`. So far.

## Your turn

In \`my-school/${name}/dog.ts\` let him \`bark\`.

\`\`\`sh
npm run checkpoint -- ${number}
\`\`\`

At first this is supposed to fail: he is quiet.
`
const checkpoint = `import { judge } from '../../src/checkpoints/judging/judge'

judge(__dirname, async ({ load, check, expect }) => {
  const { Dog } = load('dog.ts')
  await check('bark', () => expect({ code: "new Dog('Fido').bark()", names: { Dog }, shows: 'Woof', hint: 'quiet' }))
})
`
/** What an author does who is told this. */
const told: readonly [RegExp, () => void][] = [
  [/^Write lesson\.md,/, () => write('lesson.md', notebook.replace('He is quiet.', 'TODO: begin'))],
  [/^Write start\/,/, () => cpSync(join(before.folder, 'start'), join(lesson.folder, 'start'), { recursive: true })],
  [
    /^Write solution\/,/,
    () => {
      cpSync(join(before.folder, 'solution'), join(lesson.folder, 'solution'), { recursive: true })
      write('solution/dog.ts', barking("return 'Wuff'"))
    },
  ],
  [
    /^Write checkpoint\.test\.ts,/,
    () => {
      write('messages.md', '## start\n\nloud\n')
      write('hints/quiet.md', hint('Too short.'))
      write('right/joined.md', answer("return ['Wo', 'of'].join('')"))
      write('checkpoint.test.ts', checkpoint)
    },
  ],
  [/first TODO/, () => write('lesson.md', notebook.replace("`'Fido'`", "`'Rex'`"))],
  [/^Change what lesson\.md says there/, () => write('lesson.md', notebook)],
  [
    /^Copy the solution of the lesson before/,
    () => cpSync(join(before.folder, 'solution'), join(lesson.folder, 'start'), { recursive: true }),
  ],
  [/below "## start" in messages\.md the id/, () => write('messages.md', '## start\n\nquiet\n')],
  [/^Change solution\//, () => write('solution/dog.ts', barking("return 'Woof'"))],
  [
    /^Write a wrong answer below/,
    () => {
      const more = Array.from({ length: 9 }, (_, at) => `### Says ${at}\n\n${answer(`return '${at}'`)}`)
      write('hints/quiet.md', `${hint('Too short.')}\n${more.join('\n')}`)
    },
  ],
  [
    /^Write an answer in another style/,
    () => {
      write('right/later.md', answer("const sound = 'Woof'\n    return sound"))
      write('right/small.md', answer("return 'woof'.replace('w', 'W')"))
    },
  ],
  [
    /^Change the files in hints\//,
    () => {
      const file = join(lesson.folder, 'hints', 'quiet.md')
      write('hints/quiet.md', readFileSync(file, 'utf8').replaceAll('Too short.', long))
    },
  ],
  [/^Write in messages\.md a heading/, () => write('messages.md', '## start\n\nquiet\n\n## bark\n\nHe barks.\n')],
]

t.test('from an empty folder to a lesson that is proved, by doing what is said', async (t) => {
  mkdirSync(lesson.folder)
  const verify = spawnSync('node', [join(root, 'src/cli/main.cjs'), 'verify', String(number)], {
    env: cleanEnvironment({ DOG_SCHOOL_LESSONS: join(copy, 'lessons') }),
    encoding: 'utf8',
  })
  t.match(verify, { status: 1, stderr: '', stdout: /waits for lesson\.md\n.*\n\nNext: Write lesson\.md, /s })

  const done: RegExp[] = []
  for (;;) {
    const open = (await proofsOf(lesson)).filter(({ faults }) => faults.length > 0)
    const [first] = open
    if (!first) break
    // What waits for a part is not to be done yet.
    const now = readParts(lesson).missing.size > 0 ? [first] : open
    const acts = now.map(({ next }) => told.find(([each]) => each.test(next)) ?? ([/./, () => undefined] as const))
    if (acts.some(([sentence]) => String(sentence) === '/./' || done.includes(sentence))) {
      t.fail('it is stuck', { open })
      break
    }
    for (const [sentence, act] of acts) {
      done.push(sentence)
      act()
    }
  }
  t.strictSame(
    told.map(([sentence]) => sentence).filter((sentence) => !done.includes(sentence)),
    [],
    'each step was asked for',
  )
})

t.test('the prompt knows the new lesson', async (t) => {
  cpSync(join(lesson.folder, 'solution'), workspaceOf(lesson), { recursive: true })
  t.equal((await check(lesson)).verdict.outcome, 'passed')
  const { shows, shell, end } = await sit()
  t.match(await shows('.lessons'), new RegExp(`${number} +Barking +passed`))
  t.match(await shows(`.lesson ${number}`), new RegExp(`Lesson ${number} of ${number} · Barking`))
  t.ok((await new Completer(shell).complete('.check '))[0].includes(String(number)), 'TAB offers it')
  await end()
})

/** What an author changes in a folder that gets another number. */
function renumber({ number, name, folder }: Lesson, to: number): Lesson {
  const renamed = name.replace(/^\d+/, String(to))
  const moved = { number: to, name: renamed, folder: join(dirname(folder), renamed) }
  const text = readFileSync(join(folder, 'lesson.md'), 'utf8')
    .replace(`# ${number} ·`, `# ${to} ·`)
    .replaceAll(name, renamed)
    .replaceAll(`checkpoint -- ${number}\n`, `checkpoint -- ${to}\n`)
  renameSync(folder, moved.folder)
  writeFileSync(join(moved.folder, 'lesson.md'), text)
  return moved
}

t.test('lessons change places, and one is taken out', async (t) => {
  const earlier = renumber(lesson, 0)
  const last = renumber(before, number)
  const moved = renumber(earlier, count)
  for (const part of ['start', 'solution'])
    cpSync(join(last.folder, 'start', 'dog-school.ts'), join(moved.folder, part, 'dog-school.ts'))
  t.strictSame(readParts(last).faults, [])
  t.strictSame(textFaults(last.name, readParts(last).markdown), [])
  t.strictSame(startFaults(last, readParts(last)), [`start/dog.ts is not what lesson ${count} ends with`])
  cpSync(join(moved.folder, 'solution', 'dog.ts'), join(last.folder, 'start', 'dog.ts'))
  t.strictSame(startFaults(last, readParts(last)), [])
  t.match((await check(last)).verdict, { outcome: 'not yet', slip: { hint: readParts(last).messages.get('start') } })
  cpSync(join(last.folder, 'solution'), workspaceOf(last), { recursive: true })
  t.equal((await check(last)).verdict.outcome, 'passed')

  rmSync(moved.folder, { recursive: true })
  t.match(readParts(last).faults, [new RegExp(`there is no lesson ${count} before it`)])
  renumber(last, count)
  t.equal(lessons().length, count)
  const { shows, end } = await sit()
  t.match(await shows(`.lesson ${number}`), new RegExp(`There is no lesson ${number}\\.\nThere are 1 to ${count}`))
  t.match(await shows(`.lesson ${count}`), new RegExp(`Lesson ${count} of ${count}`))
  await end()
})

t.test('the next lesson is laid out, and no other', async (t) => {
  const log = t.capture(console, 'log')
  const error = t.capture(console, 'error')
  t.equal(await newLesson([String(number), 'Taking a snapshot']), 0)
  t.match(log.args()[0]?.[0], new RegExp(`lessons/${number}-taking-a-snapshot/ .*lessons:verify -- ${number}`))
  const laid = lessons().at(-1) as Lesson
  t.equal(laid.name, `${number}-taking-a-snapshot`)
  const [parts, unwritten, ...others] = await proofsOf(laid)
  t.strictSame(parts?.faults, [])
  t.match(unwritten?.faults[0], /^lesson\.md, line 3: /, 'what to write is said from the top')
  const passed = others.filter(({ faults }) => faults.length === 0).map(({ claim }) => claim)
  t.ok(passed.includes('its text keeps to the form'), 'the form is there')
  t.ok(passed.includes('every cell runs, and shows what the text says'))
  t.ok(passed.includes('its solution passes'))
  t.notOk(passed.includes('its start fails, for the reason it tells'), 'nothing is asked for yet')

  const names = readdirSync(join(copy, 'lessons'))
  for (const [argv, says] of [
    [[String(number), 'Again'], `Lesson ${number} exists: lessons/${laid.name}/`],
    [['2', 'In between'], 'To put a lesson before others'],
    [[String(number + 2), 'Far'], `the next one is ${number + 1}`],
    [['Barking'], 'needs a number and a title'],
    [[String(number + 1), 'Two', 'words'], 'in quotes: "Two words"'],
    [['--force'], "Unknown option '--force'"],
  ] as const) {
    t.equal(await newLesson(argv), 2)
    t.ok(String(error.args().at(-1)?.[0]).includes(says), says)
  }
  t.strictSame(readdirSync(join(copy, 'lessons')), names, 'what is refused leaves nothing')
})
