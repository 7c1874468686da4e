/** How the text of a lesson is taken apart. */
import t from 'tap'
import { looksLike, readNotebook } from '../../src/course/notebook'

const lesson = `# 3 · Events

Before.

\`\`\`ts
const fido = new Dog('Fido')

fido.name      // → 'Fido'
fido.tricks
// → [
//     'roll over'
//   ]
fido.addTrick('play dead') // not shown
\`\`\`
\`\`\`ts predict
fido.version // → ?
\`\`\`

\`3\`. So it is.

## Your turn

\`\`\`sh
npm run checkpoint -- 3
\`\`\`
`

t.test('a lesson is prose and cells, in turns', async (t) => {
  const { number, title, pieces } = readNotebook(lesson)
  t.strictSame([number, title], [3, 'Events'])
  t.strictSame(
    pieces.map(({ prose, cell }) => [prose.split('\n')[0], cell?.isPrediction]),
    [
      ['Before.', false],
      ['', true],
      ['`3`. So it is.', undefined],
      ['## Your turn', undefined],
    ],
  )
  t.match(pieces[3]?.prose, 'npm run checkpoint', 'what is not to be run is prose')
  t.strictSame(pieces[0]?.cell?.steps, [
    { code: "const fido = new Dog('Fido')\n\nfido.name", shows: true, expected: "'Fido'", line: 6, shownAt: 8 },
    { code: 'fido.tricks', shows: true, expected: "[\n'roll over'\n]", line: 9, shownAt: 10 },
    { code: "fido.addTrick('play dead') // not shown", shows: false, expected: undefined, line: 13 },
  ])
  t.equal(pieces[0]?.cell?.text.includes('→'), false, 'the reader is not told before it runs')
  t.strictSame(pieces[1]?.cell?.steps, [
    { code: 'fido.version', shows: true, expected: undefined, line: 16, shownAt: 16 },
  ])
})

t.test('what is no lesson is refused, with its line', async (t) => {
  const cell = (text: string, fence = 'ts') => `# 1 · Dogs\n\n\`\`\`${fence}\n${text}\n\`\`\``
  for (const [text, said] of [
    ['Dogs', 'lesson.md, line 1: a lesson starts with'],
    ['# 1 · Dogs\n\n```ts\n1', 'lesson.md, line 3: this fence is never closed'],
    [cell('1', 'js'), 'lesson.md, line 3: a fence is'],
    [cell('// → 1'), 'lesson.md, line 4: nothing stands before'],
    [cell('1 // → 1', 'ts predict'), 'lesson.md, line 4: a `ts predict` cell ends with'],
    [cell('1 // → ?\n2', 'ts predict'), 'lesson.md, line 4: a `ts predict` cell ends with'],
    [cell('1 // → ?'), 'lesson.md, line 4: a `ts predict` cell ends with'],
  ] as const)
    t.throws(() => readNotebook(text), { name: 'SyntaxError', message: said }, said)
})

t.test('a value looks as the lesson says', async (t) => {
  const id = '8fb09571980d4ad6b334bbabaf7b6b5f'
  for (const [expected, shown, fits] of [
    ['[ 1,\n2 ]', '[ 1, 2 ]', true],
    ['[ 1 ]', '[ 1, 2 ]', false],
    ["'0a1b…'", `'${id}'`, true],
    ["'0a1b…'", `'${id.slice(1)}'`, false],
    ["'2026-11-23T…'", "'2031-01-02T03:04:05.600000+00:00'", true],
    ["'2026-11-23T…'", "'yesterday'", false],
    ['a.b', 'a+b', false],
  ] as const)
    t.equal(looksLike(expected, shown), fits, `${expected} for ${shown}`)
})
