/** The lessons keep what they promise, and what proves it has teeth: it finds the faults of a lesson made of faults. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t, { type Test } from 'tap'
import { type Judged, judgeAll } from '../../src/checkpoints/check'
import { filesIn, type Lesson, lessons } from '../../src/checkpoints/folders'
import type { Run } from '../../src/checkpoints/judge-process'
import { type Parts, readParts } from '../../src/cli/lesson-parts'
import { proofsOf } from '../../src/cli/verify'
import { answerFault, judgeAnswers } from '../../src/cli/verify-answers'
import { cellFaults } from '../../src/cli/verify-cells'
import { readNotebook } from '../../src/course/notebook'
import type { Named } from '../../src/notebook/judge/protocol'
import { alike, judgesOfPage } from '../notebook/judges'

const isLong = process.env.DOG_SCHOOL_LONG === '1'
const src = resolve(__dirname, '..', '..', 'src')

t.setTimeout(3_600_000)
t.ok(lessons().length > 0)
// Answers wait for timers and for processes of theirs: meanwhile others are judged.
t.jobs = 3
/** One for each half of the lessons, asked one answer after the other: asked for several at once it would start a worker for each. */
const pages = [0, 1].map(() => ({ judges: judgesOfPage(), before: Promise.resolve() as Promise<unknown> }))
for (const lesson of lessons())
  t.test(lesson.name, { buffered: true }, async (t) => {
    let onPage = async (_: Test): Promise<void> => undefined
    const proofs = await proofsOf(lesson, async (lesson, folders) => {
      const judged = await judgeAll(lesson, folders)
      const answers = folders.map((folder) => [...filesIn(folder)])
      onPage = (t) => sameOnPage(t, lesson, judged, answers)
      return judged
    })
    for (const { claim, faults } of proofs) t.strictSame(faults, [], claim)
    await t.test('the page judges as the terminal does', onPage)
  })
t.teardown(async () => {
  for (const { judges } of pages) (await judges).end()
})

function judgedOnPage(lesson: number, answer: Named) {
  const page = pages[lesson % pages.length] as (typeof pages)[number]
  const judged = page.before.then(async () => (await page.judges).judge(lesson, answer))
  page.before = judged
  return judged
}

/** Both are asked what the code does; what TypeScript says of it is compared elsewhere. */
async function sameOnPage(t: Test, { number }: Lesson, judged: readonly Judged[], answers: readonly Named[]) {
  for (const [at, answer] of answers.entries()) {
    const { verdict } = await judgedOnPage(number, answer)
    const { behaved } = judged[at] as Judged
    // A comparison that is passed would be shown at length, a thousand times.
    if (!isDeepStrictEqual(alike(verdict), alike(behaved)))
      t.strictSame(alike(verdict), alike(behaved), answer.map(([name, text]) => `${name}\n${text}`).join('\n'))
  }
  t.equal(answers.length, judged.length)
}

/** All answers in the long form; else the solution and the last one that is wrong, before which all others are judged. */
function toBeJudgedAlone(parts: Parts): Parts {
  if (isLong) return parts
  const [[hint, last] = []] = [...parts.hints].filter(([, { wrongAnswers }]) => wrongAnswers.size > 0).slice(-1)
  const hints = hint && last && [[hint, { ...last, wrongAnswers: new Map([...last.wrongAnswers].slice(-1)) }] as const]
  return { ...parts, start: new Map(), right: new Map(), hints: new Map(hints || []) }
}

t.test('an answer that is judged alone, as that of a learner, gets the same verdict', async (t) => {
  // The first runs a learner's tests, the last one a process that dies.
  for (const lesson of lessons().filter(({ number }) => isLong || number % 6 === 1)) {
    const judged = await judgeAnswers(lesson, toBeJudgedAlone(readParts(lesson)), async (lesson, folders) => {
      const runs: Run[] = []
      for (const folder of folders) runs.push(...(await judgeAll(lesson, [folder])))
      return runs
    })
    t.ok(judged.length > 1)
    t.strictSame(
      judged.flatMap((each) => answerFault(each) ?? []),
      [],
      lesson.name,
    )
  }
})

t.test('a cell that lies is found out', async (t) => {
  const told = (cell: string, prose = '') =>
    cellFaults(readNotebook(`# 1 · A lie\n\n\`\`\`${cell}\n\`\`\`\n\n${prose}`))
  t.strictSame(await told("ts\nconst fido = new Dog('Fido')\nfido.name // → 'Fido'\nfido.version // → 1"), [])
  t.strictSame(await told("ts\nnew Dog('Fido').version // → 2"), ['4: 1'])
  t.strictSame(await told("ts\nnew Dog('Fido').id // → '0a1b…'"), [])
  t.strictSame(await told("ts\nnew Dog('Fido').name // → '0a1b…'"), ["4: 'Fido'"])
  t.strictSame(await told("ts predict\nnew Dog('Fido').version // → ?", '`1`. His birth.'), [])
  t.strictSame(await told("ts predict\nnew Dog('Fido').version // → ?", '`0`. Nothing.'), ['4: 1'])
  t.match(await told("ts\nawait school.addTrick('nobody', 'fetch ball')"), [/^4: .*No Dog has the id nobody/])
  const untyped = "ts\nconst fido = new Dog('Fido')\nfido.name // → 'Fido'\nfido.color // → undefined"
  t.strictSame(
    await told("ts\n\nconst fido = new Dog('Fido')\n\nfido.version // → 2"),
    ['7: 1'],
    'the line of the mistake',
  )
  t.match(await told("ts\n'ok'\n\nconst name: number = 'Fido'"), [/^6: .*not assignable/])
  t.match(await told("ts\n'ok'\nthrow new Error('no')"), [/^5: Error: no/])
  t.match(await told(untyped), [/^6: .*'color' does not exist/], 'types are known from cell to cell')
})

/** A lesson that is wrong in every way that can be proved. */
function faultyLesson(folder: string) {
  const name = '2-faulty'
  const fence = (dog: string) => `\`\`\`ts dog.ts\nexport const Dog = ${dog}\n\`\`\`\n`
  const files: Readonly<Record<string, string>> = {
    'lesson.md':
      "# 2 · Not its name\n\nHow loud!\n\nTODO: praise him\n\n```ts\nnew Dog('Fido').version // → 2\n```\n\n## Your turn\n",
    'hints/short.md': '## 1\n\nToo short, and speaks of `mystery`.\n\n## 2\n\nToo.\n',
    'hints/expected.md': `## Wrong answers\n\n### Wrong\n\n${fence('3')}\n### Accepted\n\n${fence('4')}`,
    'messages.md': '## start\n\nwanted\n\n## nowhere\n\nNo such check.\n',
    'start/dog.ts': 'export const Dog = 1\n',
    'solution/dog.ts': 'export const Dog = 2\n',
    'solution/dog.test.ts': 'export {}\n',
    'left-over.txt': '',
    'checkpoint.test.ts': [
      `import { judge } from '${src}/checkpoints/judging/judge'`,
      'judge(__dirname, async ({ load, check, refuse }) => {',
      "  await check('four', () => load('dog.ts').Dog === 4 || refuse('other', { dog: 'stray' }))",
      '})',
    ].join('\n'),
    'right/refused.md': `Without \`view.ts\`.\n\n${fence('5')}`,
  }
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, name, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return { number: 2, name, folder: join(folder, name) }
}

t.test('a faulty lesson is told all its faults', async (t) => {
  const folder = t.testdir()
  const proofs = await proofsOf(faultyLesson(folder))
  t.match(
    proofs.map(({ faults }) => faults),
    [
      [
        /making-the-test-pass has the number 2 too/,
        /left-over.txt does not belong/,
        /right\/refused.md: solution\/ has no view.ts to take away/,
      ],
      ['lesson.md, line 5: praise him'],
      [/the folder is 2-faulty/, /line 3 has an excl/, /no prediction/, /my-school/, /checkpoint/, /supposed/],
      ['line 8: 1'],
      ['start/dog.test.ts is not what lesson 1 ends with'],
      ['start/ gets the hint other, and must get wanted'],
      ['solution/ gets the hint other, and is right'],
      ['at least 10', 'Wrong gets the hint other, and must get expected', 'Accepted passes, and must get expected'],
      ['at least 3', 'right/refused.md gets the hint other, and is right'],
      [
        'hint expected has 0 levels, not three',
        'hint short has 2 levels, not three',
        /short, level 1, has 6 words, and 40 to 160/,
        /level 2, has 1 words/,
        /speaks of `mystery`/,
        'no answer leads to the hint expected',
        'no answer leads to the hint short',
        'hints/wanted.md is missing, which start/ must get',
      ],
      [/there is no such check/],
      ['stray', 'stray', 'stray', 'stray'],
    ],
  )
  t.ok(
    proofs.every(({ faults }) => faults.length > 0),
    'no proof is without teeth',
  )
})
