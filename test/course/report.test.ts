/** What a learner reads of a verdict: the facts, in the order in which they are looked for. */
import t from 'tap'
import { report } from '../../src/course/report'
import type { Trouble, Verdict } from '../../src/course/verdict'

const place = { file: 'dog.test.ts', line: 9, column: 5, code: 't.ok(fido.tricks)' }
const complaint: Trouble = { obstacle: 'types', message: 'Too few arguments.', place }

const lines = (verdict: Verdict) =>
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
  }).map(({ text }) => text)

t.test('the facts about something that is not right yet', async (t) => {
  const slip = { check: 'a', hint: 'b', did: 'this', expected: '1', came: '2', place, complaint }
  t.match(lines({ outcome: 'not yet', passed: [], slip: { ...slip, asserted: ['line 9: one', 'line 10: two'] } }), [
    'Lesson 1 · here',
    '  ✗ a',
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

t.test('what keeps the code from being judged, with its line, and what TypeScript says besides', async (t) => {
  const trouble: Trouble = { obstacle: 'threw', message: 'TypeError: no', place, complaint }
  t.match(lines({ outcome: 'unloadable', passed: [], trouble }), {
    2: '    dog.test.ts:9:5 · TypeError: no',
    3: '      t.ok(fido.tricks)',
    4: '    types     dog.test.ts:9:5 · Too few arguments.',
  })
})
