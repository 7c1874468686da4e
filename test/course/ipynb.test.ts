/** Notebooks of Jupyter: what is written is valid by Jupyter's own schema, and is read as what it was. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv-draft-04'
import fc from 'fast-check'
import t from 'tap'
import { ipynbLessons } from '../../src/cli/ipynb-lessons'
import { cellsOfIpynb, type IpynbCell, IpynbError, ipynbOf } from '../../src/course/ipynb'

/** From nbformat 5.11, which is Jupyter's own library for notebooks. */
const schema = readFileSync(join(__dirname, '..', 'fixtures', 'nbformat.v4.5.schema.json'), 'utf8')
const isValid = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(schema))

/** What is wrong with the text of a notebook. */
function faults(text: string): unknown[] {
  const notebook = JSON.parse(text)
  isValid(notebook)
  const ids: string[] = notebook.cells.map(({ id }: { id: string }) => id)
  return [...(isValid.errors ?? []), ...ids.filter((id, at) => ids.indexOf(id) !== at)]
}

const odd = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\r\n', '\n', '\r', '\u2028', '\ud800', '`', '```', '\\', '"', ' ', 'é', '🐶', '\0', 'a'),
  }),
)
const cell: fc.Arbitrary<IpynbCell> = fc
  .record(
    {
      kind: fc.constantFrom<IpynbCell['kind']>('prose', 'code'),
      text: odd,
      shown: odd,
      isPrediction: fc.constant<true>(true),
      isForKernel: fc.constant<true>(true),
    },
    { requiredKeys: ['kind', 'text'] },
  )
  .map(({ shown, ...cell }) => (cell.kind === 'code' && shown !== undefined ? { ...cell, shown } : cell))

t.test('what is written is valid, is read as what it was, and is written again to the byte', async (t) => {
  const property = fc.property(fc.array(cell, { maxLength: 6 }), (cells) => {
    const text = ipynbOf(cells)
    const stored = Buffer.from(text).toString('utf8')
    t.strictSame(faults(stored), [])
    t.strictSame(cellsOfIpynb(stored), cells)
    t.equal(ipynbOf(cellsOfIpynb(stored)), text)
  })
  fc.assert(property, { numRuns: 300 })
})

t.test('the schema can tell', async (t) => {
  const good = JSON.parse(ipynbOf([{ kind: 'code', text: '1', shown: '1' }]))
  const wrong = (change: (notebook: typeof good) => void) => {
    const copy = structuredClone(good)
    change(copy)
    return faults(JSON.stringify(copy)).length
  }
  t.equal(
    wrong(() => undefined),
    0,
  )
  t.ok(wrong(({ cells }) => delete cells[0].id))
  t.ok(wrong(({ cells }) => delete cells[0].outputs))
  t.ok(
    wrong(({ cells }) => {
      cells[0].id = 'cell 1'
    }),
  )
  t.ok(
    wrong(({ cells }) => cells.push(cells[0])),
    'and this test sees what a schema cannot say: an id that is there twice',
  )
})

t.test('the lessons are valid, are read as they are, and are the same each time', async (t) => {
  const lessons = await ipynbLessons(t.testdirName)
  t.equal(lessons.size, 7)
  for (const [name, text] of lessons) {
    t.strictSame(faults(text), [], name)
    t.equal(ipynbOf(cellsOfIpynb(text)), text, name)
  }
  t.strictSame([...(await ipynbLessons(t.testdirName))], [...lessons])
  const third = cellsOfIpynb([...lessons.values()][2]!)
  t.strictSame(third[0], { kind: 'prose', text: '# 3 · Implementing event sourcing' })
  t.strictSame(
    third.filter(({ isPrediction }) => isPrediction),
    [{ kind: 'code', text: 'fido.version', shown: '2', isPrediction: true }],
  )
  t.match(
    third.filter(({ isForKernel }) => isForKernel),
    [
      { kind: 'prose', text: /npm ci && npm run build/ },
      { kind: 'code', text: /^import .* from 'dog-school'\n.*\/solution\/dog-school\.ts'\n/ },
    ],
  )
  const first = cellsOfIpynb([...lessons.values()][0]!).filter(({ isForKernel }) => isForKernel)
  t.match(first, [{ kind: 'prose', text: /It needs nothing else/ }], 'where nothing is preloaded, nothing is needed')
  t.equal(first.length, 1)
})

t.test('what others have written: lists and texts, other cells, other outputs', async (t) => {
  const cells = [
    { cell_type: 'markdown', metadata: {}, source: 'One text\nof two lines', attachments: {} },
    { cell_type: 'raw', metadata: {}, source: ['left out'] },
    {
      cell_type: 'code',
      metadata: { tags: ['mine'] },
      execution_count: null,
      source: ['let a = 1\n', 'a'],
      outputs: [
        { output_type: 'stream', name: 'stdout', text: ['printed\n'] },
        { output_type: 'execute_result', metadata: {}, data: { 'text/html': '<b>1</b>', 'text/plain': '1' } },
      ],
    },
    { cell_type: 'code', source: [], outputs: [{ output_type: 'execute_result', data: { 'text/html': ['<b>'] } }] },
  ]
  const of = (more: object) => `\uFEFF${JSON.stringify({ nbformat: 4, nbformat_minor: 2, cells, ...more })}`
  const expected = [
    { kind: 'prose', text: 'One text\nof two lines' },
    { kind: 'code', text: 'let a = 1\na', shown: '1' },
    { kind: 'code', text: '' },
  ]
  t.strictSame(cellsOfIpynb(of({})), expected)
  for (const language of ['typescript', 'javascript'])
    t.strictSame(cellsOfIpynb(of({ metadata: { language_info: { name: language } } })), expected)
})

t.test('what cannot be read is refused, with what to do', async (t) => {
  const cells = (...all: unknown[]) => JSON.stringify({ nbformat: 4, cells: [{ cell_type: 'raw' }, ...all] })
  const wrong: [text: string, says: RegExp, next: RegExp][] = [
    ['', /is JSON, and here, Unexpected end/, /\.ts/],
    ['<<<<<<< HEAD\n{}', /not all of one.*Unexpected token/, /If it was merged/],
    [ipynbOf([{ kind: 'code', text: '1' }]).slice(0, -20), /not all of one/, /take an earlier version/],
    ['[]', /has no `nbformat`/, /\.export ipynb/],
    ['null', /has no `nbformat`/, /\.export ipynb/],
    ['{"nbformat": 4}', /no list of `cells`/, /Jupyter saves/],
    ['{"nbformat": 4, "cells": {}}', /no list of `cells`/, /Jupyter saves/],
    ['{"nbformat": 3, "worksheets": []}', /version 3 of the format/, /jupyter nbconvert --to notebook --nbformat 4/],
    ['{"nbformat": 5, "cells": []}', /version 5 of the format/, /nbformat 4/],
    ['{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": "python"}}}', /in python/, /kernel of Deno/],
    ['{"nbformat": 4, "cells": [], "metadata": {"language_info": {"name": "R"}}}', /in R,/, /kernel of Deno/],
    [cells({ cell_type: 'code' }), /^Cell 2 .* `source` is missing/, /list of its lines/],
    [cells({ cell_type: 'code', source: [1] }), /^Cell 2 .* `source` is no text/, /save it/],
    [cells({ cell_type: 'heading', source: '' }), /^Cell 2 .* `cell_type` is "heading"/, /markdown, code or raw/],
    [cells(null), /^Cell 2 .* `cell_type` is missing/, /markdown, code or raw/],
  ]
  for (const [text, says, next] of wrong)
    t.throws(() => cellsOfIpynb(text), Object.assign(new IpynbError('', ''), { message: says, next }), text)
})
