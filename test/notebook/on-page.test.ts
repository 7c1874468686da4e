/** What the lessons say of the terminal is not said on a page as if it were there. */
import t from 'tap'
import { courseOnDisk } from '../../src/checkpoints/course-on-disk'
import { instead, onPage } from '../../src/notebook/on-page'

const { lessons } = courseOnDisk(process.cwd())
const course = lessons.map(({ number }) => courseOnDisk(process.cwd()).notebook(number))

for (const lesson of course)
  t.test(`lesson ${lesson.number}`, async (t) => {
    const prose = lesson.pieces.map((piece) => piece.prose).join('\n\n')
    for (const [said] of instead[lesson.number] ?? []) t.equal(prose.split(said).length, 2, `it says once: ${said}`)
    // "Your turn" has its own words on the page.
    const paragraphs = onPage(lesson)
      .pieces.map((piece) => piece.prose)
      .filter((text) => !text.startsWith('## Your turn'))
      .flatMap((text) => text.replace(/```text.*?```/gs, '').split('\n\n'))
    t.strictSame(
      paragraphs.filter((text) => /\bprompt\b|`\.\w+|npm start/.test(text) && !/terminal/i.test(text)),
      [],
    )
    t.strictSame(
      onPage(lesson).pieces.map(({ cell }) => cell),
      lesson.pieces.map(({ cell }) => cell),
    )
  })
