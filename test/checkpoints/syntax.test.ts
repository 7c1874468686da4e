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

async function judge(lesson: Lesson, file: string, changes: readonly (readonly [string | RegExp, string])[]) {
  const folders = changes.map(([was, is], at) => {
    const folder = join(scratch, `${lesson.number}-${at}`)
    mkdirSync(folder, { recursive: true })
    cpSync(join(lesson.folder, 'solution'), folder, { recursive: true })
    const code = readFileSync(join(folder, file), 'utf8')
    writeFileSync(join(folder, file), code.replace(was, is))
    return folder
  })
  return (await judgeAll(lesson, folders)).map(({ verdict }) => {
    const { place, message = '' } = verdict.outcome === 'unloadable' ? verdict.trouble : {}
    return `${place?.file}:${place?.line}:${place?.column} ${message} ${hintOf(verdict)}`
  })
}

t.test('A brace that is missing is named where it was opened, and the hint is the common one', async (t) => {
  const found = await judge(two, 'dog.ts', [
    ['(trick)\n  }', '(trick)\n'],
    ['string) {}', 'string) {'],
    ['  addTrick', '  function addTrick'],
  ])
  t.match(found, [
    'dog.ts:5:27 This { is never closed. syntax',
    'dog.ts:3:38 This { is never closed. syntax',
    /^dog\.ts:5:3 .* syntax$/,
  ])
})

t.test('What the compiler knows better than the loader is told, with its own hint', async (t) => {
  t.match(await judge(five, 'dog-school.ts', [['  async getDog', '  getDog']]), [
    /^dog-school\.ts:\d+:\d+ 'await'.* ts1308$/,
  ])
})

t.test('What runs, and means something else than was meant, is told in the words of the compiler', async (t) => {
  t.match(await judge(one, 'dog.test.ts', [['fido.tricks,', 'fido.tricks']]), [
    /^dog\.test\.ts:9:\d+ Expected at least 2 arguments, but got 1\. ts2554$/,
  ])
})

t.test('A type in the place of a value has a hint of its own', async (t) => {
  const found = await judge(two, 'dog.ts', [['tricks: string[] = []', 'tricks = string[]']])
  t.match(found, [/^dog\.ts:2:\d+ An element access expression .* ts1011$/])
})

t.test('Code that ends the program gets the common hint', async (t) => {
  const found = await judge(one, 'dog.test.ts', [[/$/, 'process.exit()\n']])
  t.match(found, [/It called process\.exit\(0?\)\. exit$/])
})

t.test('A file that could be read gets no hint on syntax, whatever the number of the complaint', async (t) => {
  const found = await judge(two, 'dog.ts', [
    ['{\n    this', "{\n    if (trick === '') void (async (): void => {})\n    this"],
  ])
  t.match(found, [/^dog\.ts:6:\d+ The return type of an async .* types$/])
})

t.test('The common hints are of the same form as those of the lessons', async (t) => {
  const folder = join(kit, 'lessons', 'hints')
  const hints = new Map(
    readdirSync(folder).map((name) => [name.replace(/\.md$/, ''), readHint(readFileSync(join(folder, name), 'utf8'))]),
  )
  t.strictSame(hintFaults(hints, readFileSync(join(five.folder, 'lesson.md'), 'utf8')), [])
  for (const id of hints.keys()) t.equal(hintsOf(two).get(id)?.length, 3, id)
})
