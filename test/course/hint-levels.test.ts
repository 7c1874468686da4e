/** Which level of a hint is shown with a verdict, and what comes after it. */
import t from 'tap'
import { hintLines, report } from '../../src/course/report'
import type { Verdict } from '../../src/course/verdict'

const levels = ['a question', 'a pointer', 'some code']
const hints = { has: () => true, get: () => levels }
const slip = { check: 'b', hint: 'x', did: 'dog.sit()', expected: '1', came: '2' }
const verdict: Verdict = { outcome: 'not yet', passed: ['a'], slip }
const at = (level: number, from: 'shell' | 'prompt' | 'watch' = 'shell') =>
  report({
    lesson: 2,
    folder: 'my-school/2',
    isNew: false,
    verdict,
    hints,
    messages: new Map(),
    level,
    printed: 'debug',
    from,
    next: '',
  }).map(({ text }) => text)

t.test('the first time, everything', async (t) => {
  const lines = at(1)
  t.match(lines.join('\n'), /✓ a\n {2}✗ b\n +ran +dog\.sit\(\)\n +expected +1\n +got +2\n/)
  t.match(lines.join('\n'), /Hint 1 of 3\na question\n +More of it: npm run checkpoint -- 2 --hint 2\n/)
  t.match(lines.join('\n'), /What your code printed:\n +\| debug/)
})

t.test('a further level is shown without what was shown before', async (t) => {
  t.strictSame(at(2), [
    'Lesson 2 · my-school/2',
    '  ✗ b',
    '',
    'Hint 2 of 3',
    'a pointer',
    '    More of it: npm run checkpoint -- 2 --hint 3',
  ])
})

t.test('the last level says that it is the last', async (t) => {
  const last = (from: 'shell' | 'prompt' | 'watch') =>
    hintLines({ hints, level: 3, lesson: 2, from }, 'x').at(-1)?.text.trim()
  t.equal(last('shell'), 'That is the last hint on this.')
  t.equal(last('watch'), 'That is the last hint on this.')
  t.match(last('prompt'), /That is the last hint on this; \.solution shows/)
})
