/** What a learner reads of a verdict: the facts, in the order in which they are looked for, and the level of the hint that is shown. */
import t from 'tap'
import { type From, hintLines, type ReportInput, report } from '../../src/course/report'
import type { Trouble, Verdict } from '../../src/course/verdict'

const place = { file: 'dog.test.ts', line: 9, column: 5, code: 't.ok(fido.tricks)' }
const complaint: Trouble = { obstacle: 'types', message: 'Too few arguments.', place }
const levels = ['a question', 'a pointer', 'some code']
const hints = { has: () => true, get: () => levels }

const lines = (verdict: Verdict, input: Partial<ReportInput> = {}) =>
  report({
    lesson: 1,
    folder: 'here',
    isNew: false,
    verdict,
    hints: { has: () => false, get: () => undefined },
    messages: new Map(),
    level: 1,
    printed: '',
    from: 'prompt',
    next: undefined,
    ...input,
  }).map(({ text }) => text)

const slip = { check: 'b', hint: 'x', did: 'dog.sit()', expected: '1', came: '2' }
/** With a hint of three levels. */
const at = (level: number) =>
  lines(
    { outcome: 'not yet', passed: ['a'], slip },
    { lesson: 2, folder: 'my-school/2', hints, level, printed: 'debug', from: 'shell' },
  )

t.test('the facts about something that is not right yet', async (t) => {
  const slip = { check: 'a', hint: 'b', did: 'this', expected: '1', came: '2', place, complaint }
  t.match(lines({ outcome: 'not yet', passed: [], slip: { ...slip, asserted: ['line 9: one', 'line 10: two'] } }), [
    'Lesson 1 · here',
    '  ✗ Not true yet: a',
    '    ran       this',
    '    expected  1',
    '    got       2',
    '    asserted  line 9: one',
    '              line 10: two',
    '    where     dog.test.ts:9:5 · t.ok(fido.tricks)',
    '    types     dog.test.ts:9:5 · Too few arguments.',
    '                t.ok(fido.tricks)',
  ])
})

t.test('what ran is code, unless it is said in words', async (t) => {
  const toneOf = (did: string) => {
    const input = {
      lesson: 1,
      folder: 'here',
      isNew: false,
      hints,
      level: 1,
      printed: '',
      from: 'prompt',
      next: undefined,
    } as const
    const verdict: Verdict = { outcome: 'not yet', passed: [], slip: { ...slip, did } }
    return report({ ...input, verdict, messages: new Map() }).find(({ text }) => text.includes(did))?.tone
  }
  t.equal(toneOf("new Dog('Fido')"), 'code')
  t.equal(toneOf('dog.tricks = []'), 'code')
  t.equal(toneOf('this dog at ./dog'), 'plain')
})

t.test('what keeps the code from being judged, with its line, and what TypeScript says besides', async (t) => {
  const trouble: Trouble = { obstacle: 'threw', message: 'TypeError: no', place, complaint }
  t.match(lines({ outcome: 'unloadable', passed: [], trouble }), {
    2: '    dog.test.ts:9:5 · TypeError: no',
    3: '      t.ok(fido.tricks)',
    4: '    types     dog.test.ts:9:5 · Too few arguments.',
  })
})

t.test('the first time, everything', async (t) => {
  const lines = at(1)
  t.match(lines.join('\n'), /✓ a\n {2}✗ Not true yet: b\n +ran +dog\.sit\(\)\n +expected +1\n +got +2\n/)
  t.match(lines.join('\n'), /Hint 1 of 3\na question\n +More of it: npm run checkpoint -- 2 --hint 2\n/)
  t.match(lines.join('\n'), /What your code printed:\n +\| debug/)
})

t.test('what is printed by code that passes is shown on a page', async (t) => {
  const passed = (from: From) => lines({ outcome: 'passed', passed: ['a'] }, { printed: 'debug', from }).join('\n')
  t.match(passed('page'), /✓ a\n\nWhat your code printed:\n +\| debug\n\nPassed/)
  t.notMatch(passed('shell'), /debug/)
})

t.test('a further level is shown without what was shown before', async (t) => {
  t.strictSame(at(2), [
    'Lesson 2 · my-school/2',
    '  ✗ Not true yet: b',
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
