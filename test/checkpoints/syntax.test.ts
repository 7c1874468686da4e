/** Files that TypeScript cannot read: which place is named, and which hint is given, in every lesson. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { judgeAll } from '../../src/checkpoints/check'
import { hintsOf, type Lesson, lessons } from '../../src/checkpoints/folders'
import { hintFaults } from '../../src/course/proof'
import { readHint } from '../../src/course/texts'
import { hintOf } from '../../src/course/verdict'
import { kit } from '../../src/node/paths'

const [one, two, , , five] = lessons() as [Lesson, Lesson, Lesson, Lesson, Lesson]
const scratch = join(kit, '.tap', `syntax-${process.pid}`)
t.teardown(() => rmSync(scratch, { recursive: true, force: true }))

interface Slip {
  readonly says: string
  readonly lesson: Lesson
  readonly file: string
  /** What is put in the place of what, in the solution. */
  readonly change: readonly [string | RegExp, string]
  /** The place, what is said of it, and the hint. */
  readonly told: string | RegExp
}

const unclosed = 'A brace that is missing is named where it was opened, and the hint is the common one'
const slips: readonly Slip[] = [
  {
    says: unclosed,
    lesson: two,
    file: 'dog.ts',
    change: ['(trick)\n  }', '(trick)\n'],
    told: 'dog.ts:5:27 This { is never closed. syntax',
  },
  {
    says: unclosed,
    lesson: two,
    file: 'dog.ts',
    change: ['string) {}', 'string) {'],
    told: 'dog.ts:3:38 This { is never closed. syntax',
  },
  {
    says: 'What is no method is no brace that is missing',
    lesson: two,
    file: 'dog.ts',
    change: ['  addTrick', '  function addTrick'],
    told: /^dog\.ts:5:3 .* ts1068$/,
  },
  {
    says: 'What the compiler knows better than the loader is told, with its own hint',
    lesson: five,
    file: 'dog-school.ts',
    change: ['  async getDog', '  getDog'],
    told: /^dog-school\.ts:\d+:\d+ 'await'.* ts1308$/,
  },
  {
    says: 'What runs, and means something else than was meant, is told in the words of the compiler',
    lesson: one,
    file: 'dog.test.ts',
    change: ['fido.tricks,', 'fido.tricks'],
    told: /^dog\.test\.ts:9:\d+ Expected at least 2 arguments, but got 1\. ts2554$/,
  },
  {
    says: 'A type in the place of a value has a hint of its own',
    lesson: two,
    file: 'dog.ts',
    change: ['tricks: string[] = []', 'tricks = string[]'],
    told: /^dog\.ts:2:\d+ An element access expression .* ts1011$/,
  },
  {
    says: 'Code that ends the program gets the common hint',
    lesson: one,
    file: 'dog.test.ts',
    change: [/$/, 'process.exit()\n'],
    told: /It called process\.exit\(0?\)\. exit$/,
  },
  {
    says: 'A file that could be read gets no hint on syntax, whatever the number of the complaint',
    lesson: two,
    file: 'dog.ts',
    change: ['{\n    this', "{\n    if (trick === '') void (async (): void => {})\n    this"],
    told: /^dog\.ts:6:\d+ The return type of an async .* types$/,
  },
]

/** The answer with this slip in it. */
function folderWith({ lesson, file, change: [was, is] }: Slip, at: number): string {
  const folder = join(scratch, `${lesson.number}-${at}`)
  mkdirSync(folder, { recursive: true })
  cpSync(join(lesson.folder, 'solution'), folder, { recursive: true })
  const code = readFileSync(join(folder, file), 'utf8')
  writeFileSync(join(folder, file), code.replace(was, is))
  return folder
}

t.test('what is told of a slip', async (t) => {
  // Those of a lesson at once: a process that judges, and a compiler, cost more than what they look at.
  for (const lesson of [one, two, five]) {
    const own = slips.filter((each) => each.lesson === lesson)
    const runs = await judgeAll(lesson, own.map(folderWith))
    t.equal(runs.length, own.length)
    for (const [at, { verdict }] of runs.entries()) {
      const { place, message = '' } = verdict.outcome === 'unloadable' ? verdict.trouble : {}
      const { says, told } = own[at] as Slip
      t.match(`${place?.file}:${place?.line}:${place?.column} ${message} ${hintOf(verdict)}`, told, says)
    }
  }
})

t.test('The common hints are of the same form as those of the lessons', async (t) => {
  const folder = join(kit, 'lessons', 'hints')
  const hints = new Map(
    readdirSync(folder).map((name) => [name.replace(/\.md$/, ''), readHint(readFileSync(join(folder, name), 'utf8'))]),
  )
  const known = [one, five].map(({ folder }) => readFileSync(join(folder, 'lesson.md'), 'utf8')).join('\n')
  t.strictSame(hintFaults(hints, known), [])
  for (const id of hints.keys()) t.equal(hintsOf(two).get(id)?.length, 3, id)
})
