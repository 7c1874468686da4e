/** What is drawn, and that it fits: pure functions from data and a look to text. */
import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'
import t from 'tap'
import { renderEntries } from '../../src/repl/render/entries'
import { highlight } from '../../src/repl/render/highlight'
import { type Look, lookOf, paint } from '../../src/repl/render/look'
import { renderProse } from '../../src/repl/render/prose'
import { render } from '../../src/repl/render/render'
import { renderTable } from '../../src/repl/render/table'
import { renderTimeline } from '../../src/repl/render/timeline'
import { fitted, folded, hanging, padded, shortened, wrapped, wrappedCode } from '../../src/repl/render/width'
import type { Happening, Reply } from '../../src/repl/session/reply'
import { usage } from '../../src/repl/start/options'

const at = (width: number, more: Partial<Look> = {}): Look => ({ width, colour: false, unicode: true, ...more })
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => stringWidth(line)))
const bold = (text: string) => `\u001b[1m${text}\u001b[22m`

// styleText heeds the terminal that the tests happen to run in.
process.env.FORCE_COLOR = '1'

t.test('lines are broken at blanks', async (t) => {
  t.equal(wrapped('one two three', 7), 'one two\nthree')
  t.equal(wrapped('one two three', 13), 'one two three', 'what fits stays')
  t.equal(wrapped('a  b', 4), 'a  b', 'with its blanks')
  t.equal(wrapped('    one two three', 11), '    one two\n    three', 'a line keeps its indentation')
  t.equal(wrapped('one two\n  three four', 9), 'one two\n  three\n  four', 'each line its own')
  t.equal(wrapped('/a/very/long/path it is', 8), '/a/very/long/path\nit is', 'a word is not broken')
  t.equal(wrapped('such as `{ trick: 1 }` here', 14), 'such as\n`{ trick: 1 }`\nhere', 'nor is code')
  t.equal(
    wrapped('such as `one two three` here', 10),
    'such as\n`one two\nthree`\nhere',
    'code that fits no line is broken',
  )
  t.ok(widest(wrapped('犬犬 '.repeat(30).trim(), 40)) <= 40, 'a character may take two columns')
  t.equal(wrapped('犬犬 '.repeat(30).trim(), 40).split('\n')[0], '犬犬 '.repeat(8).trim())
  t.equal(wrapped(bold('one two'), 7), bold('one two'), 'colours take none')
  t.equal(wrapped(bold('one two'), 5), `${bold('one')}\n${bold('two')}`, 'and go on in the next line')
})

t.test('code is broken where a part of it ends', async (t) => {
  t.equal(wrappedCode('a; b', 4), 'a; b', 'what fits stays')
  t.equal(wrappedCode("f(1, 2); g('three four')", 20), "f(1, 2);\ng('three four')", 'after a statement')
  t.equal(wrappedCode('call(one, two, three)', 16), 'call(one, two,\n  three)', 'or after a comma')
  t.equal(wrappedCode("teach({ trick: 'roll over' })", 24), "teach({\n  trick: 'roll over' })", 'or a bracket')
  t.equal(
    wrappedCode("same(a, [{ name: 'Fido' }, { trick: 'sit' }])", 32),
    "same(a, [{ name: 'Fido' },\n  { trick: 'sit' }])",
    'rather than in an object that fits a line',
  )
  t.equal(
    wrappedCode('f({ a, b }).then(({ c }) => c)', 22),
    'f({ a, b }).then(({\n  c }) => c)',
    'nor in what is closed',
  )
  t.equal(wrappedCode('one + two + three', 12), 'one + two +\n  three', 'or at a blank')
  t.equal(
    wrappedCode("t.equal(a, 'roll over and play dead')", 20),
    "t.equal(a,\n  'roll over and play dead')",
    'never in quotes',
  )
  t.equal(wrappedCode('"so it is"', 4), '"so it is"')
  t.equal(wrappedCode('  call(one, two, three)', 15), '  call(one,\n    two, three)', 'below where it began')
  t.equal(wrappedCode('  a(1); b(2); c(3)', 8), '  a(1);\n  b(2);\n  c(3)')
  t.equal(fitted("// it doesn't fit\nf(1, 2)", 12), "// it\n// doesn't\n// fit\nf(1, 2)", 'a comment is prose')
  t.equal(hanging('ran  a; b; c', 5, 8, wrappedCode), 'ran  a;\n     b;\n     c')
  t.equal(hanging('ran  one two', 5, 9), 'ran  one\n     two')
  const lines = [{ tone: 'code', text: '    ran       a(1); b(2, 3)', column: 14 } as const]
  t.equal(render({ kind: 'report', lines, passed: false }, at(24)), `    ran       a(1);\n${' '.repeat(14)}b(2, 3)`)
})

t.test('text is fitted into columns', async (t) => {
  t.strictSame([padded('犬', 4), padded('犬', 4, true), padded('dogs', 2)], ['犬  ', '  犬', 'dogs'])
  t.strictSame([shortened('roll over', 9), shortened('roll over', 8)], ['roll over', 'roll ...'])
  t.equal(shortened('犬犬犬', 5), '犬...')
  t.equal(shortened('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 5), '👨‍👩‍👧...', 'a family stays together')
  t.strictSame(folded('犬犬犬', 5), ['犬犬', '犬'])
})

t.test('rows are a table where they fit', async (t) => {
  const rows = [
    { id: '0a1b', tricks: ['sit'], version: 2 },
    { id: '犬', tricks: [], version: 10 },
  ]
  t.equal(
    renderTable(rows, at(40)),
    ['id    tricks     version', "0a1b  [ 'sit' ]        2", '犬    []              10'].join('\n'),
  )
  t.match(renderTable(rows, at(40, { colour: true })), bold('id    tricks     version'))
  t.equal(renderTable([{ a: 'x\ty\n\u0007' }], at(40)), 'a\nx\\ty\\n?', 'no character moves the cursor')
  t.equal(renderTable([{ a: 1 }, { b: null }], at(40)), 'a  b\n1\n   null')
  t.equal(renderTable([{ a: 'x' }, { a: 1 }], at(40)), 'a\nx\n1', 'numbers among words begin at the left')
})

t.test('a list is in one line, without items of its middle where it is too long', async (t) => {
  const tricks = (count: number, of = 't') => Array.from({ length: count }, (_, i) => `${of}${i}`)
  t.equal(renderTable([{ a: tricks(7) }], at(60)), "a\n[ 't0', 't1', 't2', 't3', 't4', 't5', 't6' ]")
  t.equal(
    renderTable([{ id: 'e46c', tricks: tricks(25), version: 26 }], at(80)),
    [
      `id    tricks${' '.repeat(54)}version`,
      "e46c  [ 't0', 't1', 't2', 't3', 't4', 't5', ... 18 more, 't24' ]       26",
    ].join('\n'),
  )
  t.equal(
    renderTable([{ before: tricks(24), after: tricks(25) }], at(90)).split('\n')[1],
    "[ 't0', 't1', 't2', ... 20 more, 't23' ]  [ 't0', 't1', 't2', ... 21 more, 't24' ]",
    'shorter where there is less room, with the newest item',
  )
  const lines = renderTable([{ trick: 'x'.repeat(61), tricks: tricks(200, 'roll over ') }], at(40)).split('\n')
  t.equal(lines.length, 2 + 5, 'in a block as well')
  for (const line of lines.slice(2)) t.match(line, /^.{8}(\[ )?(('[\w ]+'|\.\.\. \d+ more),? ?)+\]?$/, 'whole items')
  const cut = renderTable([{ a: ['x'.repeat(500)] }], at(40))
  t.match(cut, /x\.\.\.$/, 'of one that fits nowhere, a part')
  t.ok(widest(cut) <= 40)
})

t.test('rows are blocks where they do not', async (t) => {
  const row = { name: 'Fido', trick: 'abcdefghij'.repeat(3) }
  t.equal(
    renderTable([row, { name: 'Rex' }], at(24)),
    ['name   Fido', 'trick  abcdefghijabcdefg', `${' '.repeat(7)}hijabcdefghij`, '', 'name   Rex'].join('\n'),
  )
  const long = renderTable([{ a: 'x'.repeat(61) }], at(80))
  t.equal(long, `a  ${'x'.repeat(61)}`, 'a cell that would have to be cut makes blocks of all')
  const lines = renderTable([{ a: 'y'.repeat(9999) }], at(30)).split('\n')
  t.equal(lines.length, 6, 'a block has six lines at the most')
  t.match(lines.at(-1), /y\.\.\.$/, 'and says that there is more')
  t.ok(widest(lines.join('\n')) <= 30)
})

t.test('a list with descriptions', async (t) => {
  const entries = [
    { name: '.dogs', says: 'who is there and what each of them can do' },
    { name: '.a-name-as-long-as-the-column', says: 'short' },
  ]
  const column = ' '.repeat(25)
  t.equal(
    renderEntries('Commands', entries, at(60)),
    [
      'Commands',
      '  .dogs                  who is there and what each of them',
      `${column}can do`,
      '  .a-name-as-long-as-the-column',
      `${column}short`,
    ].join('\n'),
    'two columns, and a description goes on in its own',
  )
  t.equal(
    renderEntries('Commands', entries.slice(0, 1), at(30)),
    ['Commands', '  .dogs', '    who is there and what each', '    of them can do'].join('\n'),
    'one below the other on a narrow terminal',
  )
  t.match(renderEntries('Commands', entries, at(59)), /^ {2}\.dogs\n/m, 'below 60 columns')
})

const event = (id: number, who: string, version: number, name = 'TrickAdded', payload = {}): Happening => ({
  id,
  who,
  version,
  name,
  payload,
})
const log = [
  event(1, 'fido', 1, 'Registered', { name: 'Fido' }),
  event(2, 'rex', 1, 'Registered', { name: 'Rex' }),
  event(3, 'fido', 2, 'TrickAdded', { trick: 'sit' }),
]

t.test('the log as a timeline', async (t) => {
  t.equal(
    renderTimeline(log, 'drawn', at(80)),
    ['fido   ●───○  v2', 'rex      ●  v1', '● created  ○ later: Registered, TrickAdded'].join('\n'),
  )
  t.equal(renderTimeline(log, 'ascii', at(80)).split('\n')[0], 'fido   @---o  v2')
  t.equal(renderTimeline(log, 'drawn', at(80, { unicode: false })), renderTimeline(log, 'ascii', at(80)))
  t.equal(
    renderTimeline(log, 'words', at(80)).split('\n').at(-1),
    "3. fido, version 2: TrickAdded, trick 'sit'.",
    'for who hears it',
  )
  const one = log.filter(({ who }) => who === 'fido')
  t.equal(renderTimeline(one, 'drawn', at(80)), "fido\nv1 ● Registered  name 'Fido'\nv2 ○ TrickAdded  trick 'sit'")
  t.equal(renderTimeline(one, 'drawn', at(20)).split('\n')[1], 'v1 ● Registered  ...')
  t.match(renderTimeline([], 'drawn', at(80)), 'Nothing has happened yet.')
})

t.test('a timeline that does not fit', async (t) => {
  const many = Array.from({ length: 60 }, (_, i) => event(i + 1, i % 2 ? 'fido' : '犬犬', 1 + Math.floor(i / 2)))
  const drawn = renderTimeline([event(0, 'rex', 1), ...many], 'drawn', at(40))
  t.ok(widest(drawn.split('\n').slice(0, 2).join('\n')) <= 40)
  t.match(drawn, /^犬犬 {2}┄/m, 'a lane that began earlier, with a name of its own width')
  t.match(drawn, /^fido {2}┄──○/m)
  t.match(drawn, '47 earlier events are not shown')
  t.match(drawn, '1 other had nothing happen to them')
})

t.test('markdown', async (t) => {
  const draw = (markdown: string, width = 30, more = {}) => renderProse(markdown, at(width, more))
  t.equal(draw('## A heading\nSome _words_ of\n**prose** here.'), 'A heading\n\nSome _words_ of prose here.')
  t.equal(draw('- one\n- two goes on and on and on\n'), '  - one\n  - two goes on and on and on')
  t.equal(draw('- two goes on and on and on', 20), '  - two goes on and\n    on and on')
  t.equal(draw('* one\n* two'), '  - one\n  - two')
  t.equal(draw('9. nine\n10. ten goes on and on', 20), '  9. nine\n  10. ten goes on\n      and on')
  t.equal(draw('- a\n  - b\n'), '  - a\n      - b', 'a list in a list')
  t.equal(
    draw('1. Do:\n   ```ts\n   if (x)\n     y()\n   ```\n'),
    '  1. Do:\n       if (x)\n         y()',
    'code in a list',
  )
  t.equal(draw('> he said\n> so'), '│ he said so')
  t.equal(draw('> he said', 30, { unicode: false }), '| he said')
  t.equal(draw('| Python | here |\n|---|---|\n| `a` | b |'), 'Python  here\n`a`     b')
  t.equal(draw('```text\nas   it\n\nis\n```'), '  as   it\n\n  is', 'code is not wrapped')
  t.equal(draw('see [here](there.md) and <https://a.b>'), 'see here (there.md) and\nhttps://a.b')
  t.equal(draw('such as `{ trick: 1 }` or so', 18), 'such as\n`{ trick: 1 }` or\nso', 'code is not cut')
  t.equal(draw('one\ntwo', Number.POSITIVE_INFINITY), 'one\ntwo', 'a file keeps the lines that it has')
  t.equal(draw('1 < 2 & 3 \\* 4'), '1 < 2 & 3 * 4')
  const coloured = draw('a **bold** `x y` _word_', 30, { colour: true })
  t.equal(stripVTControlCharacters(coloured), 'a bold x y word')
  t.match(coloured, bold('bold'))
  t.equal(stripVTControlCharacters(draw('such as `{ trick: 1 }` or', 18, { colour: true })), 'such as\n{ trick: 1 } or')
})

t.test('code in colours', async (t) => {
  const code = "const a = 'b' // 1\nreturn `x` + 2"
  t.equal(stripVTControlCharacters(highlight(code)), code, 'nothing else is changed')
  const colours = (text: string) => /^(\d+)m/.exec(highlight(text).split('\u001b[')[1] ?? '')?.[1]
  t.strictSame(
    ['const', "'a'", '`a`', '12', '// a', 'a', 'constant'].map((each) => colours(each)),
    ['35', '32', '32', '36', '2', undefined, undefined],
  )
  t.equal(stripVTControlCharacters(highlight("'half")), "'half", 'while it is typed')
})

t.test('what a terminal can show', async (t) => {
  const tty = { isTTY: true, columns: 100 }
  const of = (environment: object, stream: object = tty) => lookOf(stream, { ...environment })
  t.strictSame(of({ LANG: 'en_GB.UTF-8' }), { width: 100, colour: true, unicode: true })
  t.strictSame(of({ LANG: 'C' }), { width: 100, colour: true, unicode: false })
  t.strictSame(of({}, {}), { width: 80, colour: false, unicode: true }, 'a file')
  t.strictSame(of({ TERM: 'dumb', LANG: 'C.utf8' }), { width: 100, colour: false, unicode: false })
  t.equal(of({ NO_COLOR: '1', FORCE_COLOR: '1' }).colour, false)
  t.equal(of({ FORCE_COLOR: '1' }, {}).colour, true)
  t.equal(of({ FORCE_COLOR: '0' }, {}).colour, false)
  t.equal(of({ COLUMNS: '5' }).width, 20, 'no less than twenty columns')
  t.equal(of({ LC_ALL: 'C', LANG: 'C.UTF-8' }).unicode, false)
  t.equal(of({ WT_SESSION: 'x' }).unicode, true)
  t.equal(paint('bold', 'a\nb', at(9, { colour: true })), `${bold('a')}\n${bold('b')}`, 'each line by itself')
  t.equal(paint('bold', 'a', at(9)), 'a')
})

t.test('replies', async (t) => {
  const show = (reply: Parameters<typeof render>[0], look = at(40)) => render(reply, look)
  t.equal(show({ kind: 'value', value: { a: 1 }, isPointedAt: true }), '→ { a: 1 }')
  t.equal(show({ kind: 'value', value: 1, isPointedAt: true }, at(40, { unicode: false })), '=> 1')
  t.match(show({ kind: 'value', value: Promise.resolve() }), 'await it')
  const events = log.map(({ payload: _, ...news }) => news)
  t.equal(show({ kind: 'news', events: events.slice(2) }), '+1 TrickAdded · fido v2')
  t.equal(
    show({ kind: 'news', events: [...events, ...events] }, at(60)),
    '+6 events · 4 Registered, 2 TrickAdded · 2 aggregates',
    'many are counted',
  )
  const mistake = { code: 2304, message: "Cannot find name 'b'.", line: 1, column: 2, length: 1 }
  t.equal(
    show({ kind: 'mistakes', text: 'f(\n  b)', mistakes: [mistake] }, at(120)),
    "  b)\n  ^\nline 2, column 3: Cannot find name 'b'. (TS2304)",
  )
  const long = { ...mistake, line: 0, length: 99, message: 'It is { __error: "first\nsecond\n third" }' }
  t.equal(show({ kind: 'mistakes', text: 'a bc', mistakes: [long] }), 'a bc\n  ^~\nfirst\n  third (TS2304)')
  const open = { code: 1005, message: "')' expected.", line: 2, column: 0, length: 1 }
  t.equal(
    show({ kind: 'mistakes', text: 'f(\n  1\n', mistakes: [open] }, at(120)),
    "  1\n   ^\nline 2, column 4: ')' expected. (TS1005)\nEach bracket that is opened has to be closed: ( ), [ ], { }. It may be one in a line above.",
    'what is missing at the end',
  )
  t.match(
    show({ kind: 'mistakes', text: 'f(\n  1\n', mistakes: [open], advice: 'Did you mean .f?' }, at(120)),
    /expected\. \(TS1005\)\nDid you mean \.f\?$/,
    'one advice is enough',
  )
  for (const message of [
    "Argument of type 'Promise<string>' is not assignable to parameter of type 'string'.",
    "Type 'Promise<string>' is not assignable to type 'string'.",
    "Property 'name' does not exist on type 'Promise<Dog>'.",
  ])
    t.match(
      show({ kind: 'mistakes', text: 'a bc', mistakes: [{ ...mistake, line: 0, message }] }, at(120)),
      /\nIt is a promise: put `await` in front of it/,
    )
  t.equal(show({ kind: 'problem', says: 'No.', next: 'Try it.' }), 'No.\nTry it.')
  t.equal(
    show(
      {
        kind: 'report',
        passed: false,
        lines: [
          { tone: 'bad', text: '  ✗ It is wrong.' },
          { tone: 'markdown', text: 'Think\nagain:\n```ts\n1\n```' },
        ],
      },
      at(40, { unicode: false }),
    ),
    '  no It is wrong.\n    Think again:\n\n      1',
  )
  t.equal(show({ kind: 'code', language: 'diff', text: '+a\n-b\n c' }), '+a\n-b\n c')
  t.equal(show({ kind: 'table', rows: [], empty: 'Nobody is here.' }), 'Nobody is here.')
  t.equal(show({ kind: 'all', replies: [{ kind: 'nothing' }, { kind: 'text', text: 'one' }] }), 'one')
  t.equal(show({ kind: 'cell', code: 'a\nb' }), '  a\n  b')
})

t.test('whatever is shown fits its width, if its words do', async (t) => {
  const code = "const mine = new Application(sqlite('progress.db', { readOnly: true })) // who did what"
  const prose = `A sentence with \`${code}\` in it, and a word or two behind that.`
  const events = log.map(({ payload: _, ...news }) => news)
  const replies: readonly Reply[] = [
    { kind: 'cell', code },
    { kind: 'code', language: 'ts', text: code },
    { kind: 'code', language: 'text', text: code },
    { kind: 'code', language: 'diff', text: `-${code}\n+${code}\n ${code}` },
    { kind: 'prose', markdown: `${prose}\n\n- ${prose}\n\n> ${prose}\n\n\`\`\`ts\n${code}\n\`\`\``, goesOn: false },
    { kind: 'text', text: prose },
    { kind: 'problem', says: prose, next: prose },
    { kind: 'table', rows: [], empty: prose },
    { kind: 'entries', title: 'All', entries: [{ name: 'one', says: prose }] },
    {
      kind: 'news',
      events: [1, 2, 3, 4].flatMap((n) => events.map((each) => ({ ...each, name: `${each.name}${n}` }))),
    },
    { kind: 'timeline', form: 'words', events: [event(1, 'fido', 1, 'Registered', { name: 'Fido', motto: prose })] },
    {
      kind: 'report',
      passed: false,
      lines: [
        { tone: 'bad', text: `  ✗ ${prose}` },
        { tone: 'code', text: `    ran       ${code}`, column: 14 },
        { tone: 'plain', text: `    types     ${prose}`, column: 14 },
        { tone: 'markdown', text: prose },
      ],
    },
    usage,
  ]
  for (const width of [60, 80])
    for (const colour of [false, true])
      for (const reply of replies) {
        const shown = stripVTControlCharacters(render(reply, at(width, { colour })))
        t.ok(widest(shown) <= width, `${reply.kind}, ${width} columns\n${shown}`)
      }
})

t.test('what is said behind a mark goes on below its text', async (t) => {
  const lines = [{ tone: 'bad', text: '  ✗ He learns tricks in `their order`.', column: 4 } as const]
  t.equal(render({ kind: 'report', lines, passed: false }, at(24)), '  ✗ He learns tricks in\n    `their order`.')
  const ascii = at(24, { unicode: false })
  t.equal(render({ kind: 'report', lines, passed: false }, ascii), '  no He learns tricks in\n     `their order`.')
})

t.test('code in a sentence has a colour, or backticks', async (t) => {
  const lines = [{ tone: 'good', text: '  ✓ `dog.ts` exports a `Dog`.', column: 4 } as const]
  const show = (colour: boolean) => render({ kind: 'report', lines, passed: true }, at(60, { colour }))
  t.equal(show(false), '  ✓ `dog.ts` exports a `Dog`.')
  t.equal(stripVTControlCharacters(show(true)), '  ✓ dog.ts exports a Dog.')
  const green = '\u001b[32m'
  t.match(show(true), `dog.ts\u001b[39m${green} exports`, 'and the colour of the line goes on behind it')
})
