/** Which hints a lesson has: its own, the common ones, and those of the lessons before that it gives again. */
import t from 'tap'
import { hintsOf, type Lesson, lessons } from '../../src/checkpoints/folders'
import { hintFaults } from '../../src/course/proof'

const hint = (...levels: string[]) => `${levels.map((text, at) => `## ${at + 1}\n\n${text}`).join('\n\n')}\n`

t.test(
  'a lesson has its own hints, the common ones and those of the lessons before, except for numbers of TypeScript',
  async (t) => {
    const folder = t.testdir({
      hints: { 'common.md': hint('shared'), 'mine.md': hint('shared') },
      '1-a': {
        hints: { 'first.md': hint('one'), 'other.md': hint('one'), 'ts1.md': hint('one'), 'common.md': hint('one') },
      },
      '2-b': { hints: { 'first.md': hint('two') } },
      '3-c': {
        hints: { 'first.md': '## Wrong answers\n', 'mine.md': hint('three'), 'never.md': '## Wrong answers\n' },
      },
    })
    process.env.DOG_SCHOOL_LESSONS = folder
    t.teardown(() => delete process.env.DOG_SCHOOL_LESSONS)
    const [, , third] = lessons() as [Lesson, Lesson, Lesson]
    const { get, has } = hintsOf(third)
    t.strictSame(['first', 'mine', 'common', 'never', 'other', 'ts1'].map(get), [
      ['two'],
      ['three'],
      ['shared'],
      undefined,
      ['one'],
      undefined,
    ])
    t.ok(has('other'))
    t.notOk(has('ts1'))
  },
)

t.test('a hint has three levels, or those of a lesson before', async (t) => {
  const hints = new Map([['first', { levels: [], wrongAnswers: new Map() }]])
  t.match(hintFaults(hints, ''), [/first has 0 levels/])
  t.strictSame(
    hintFaults(hints, '', (id) => id === 'first'),
    [],
  )
})
