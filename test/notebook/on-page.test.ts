/** What the lessons say of the terminal is not said on a page as if it were there, and what the page says instead is true. */
import t from 'tap'
import { lessons, textOf } from '../../src/checkpoints/folders'
import { cellFaults } from '../../src/cli/verify-cells'
import { readNotebook } from '../../src/course/notebook'
import { instead } from '../../src/notebook/on-page'
import { taskOnPage } from '../../src/notebook/page/turn/task'
import { lessonOnPage } from './terminal'

/** What there is in a terminal only: commands, files, the prompt. The page has no address of what it was built from. */
const ELSEWHERE = /\bprompt\b|`\.\w+|\bnpm\b|\bfolder\b|my-school|\bsrc\/|README/

for (const lesson of lessons())
  t.test(lesson.name, async (t) => {
    const { number } = lesson
    const text = textOf(lesson, 'lesson.md')
    for (const [said] of instead[number] ?? []) t.equal(text.split(said).length, 2, `it says once: ${said}`)
    const { pieces } = lessonOnPage(number)
    const paragraphs = pieces.flatMap(({ prose }) => taskOnPage(prose).split(/\n\n(?!```sh)/))
    t.strictSame(
      paragraphs.filter((paragraph) => ELSEWHERE.test(paragraph) && !/\bterminal\b/.test(paragraph)),
      [],
    )
    const cells = readNotebook(text).pieces.map(({ cell }) => cell?.text)
    t.strictSame(
      pieces.map(({ cell }, at) => (cells[at] === undefined ? undefined : cell?.text)),
      pieces.map((_, at) => cells[at]),
      'what both have has the same place in both',
    )
  })

t.test('what the page has the reader run shows what it says', async (t) => {
  t.strictSame(await cellFaults(lessonOnPage(7)), [])
})
