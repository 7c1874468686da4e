/** An edited cell shows what it showed before it was edited, wherever the lesson's lines are there still. */
import t from 'tap'
import { lessons } from '../../src/checkpoints/folders'
import type { NotebookCell } from '../../src/course/notebook'
import { begun, cellsOf, edited, running } from '../../src/notebook/history'
import { endsIn, partsOf } from '../../src/notebook/parts'
import type { Run, Shown } from '../../src/notebook/run'
import { Sitting } from '../../src/notebook/worker/sitting'
import { sit } from '../repl/sitting'
import { lessonOnPage, plain } from './terminal'

process.env.DOG_SCHOOL_HOME = t.testdir()

const chance = () => ({ seed: 1, time: 1 })
const valuesIn = (shown: readonly Shown[]) =>
  shown.filter(({ tone }) => tone === 'value').map(({ text }) => plain(text.replace(/^→ /, '')))

/** Plays runs of a lesson, one after the other, and says what each of them shows. */
async function played(number: number, runs: readonly Run[]): Promise<(readonly Shown[])[]> {
  const { shell, end } = await sit()
  const sitting = new Sitting(shell.session, lessonOnPage(number))
  const all: (readonly Shown[])[] = []
  for (const run of runs) all.push((await sitting.play(run)).shown)
  await end()
  return all
}

for (const { number } of lessons())
  t.test(`lesson ${number}: with remarks in it, a cell shows what it shows without`, async (t) => {
    const { pieces } = lessonOnPage(number)
    const cells = cellsOf(pieces)
    const remarked = cells.reduce(
      (history, piece) => edited(history, piece, `// hello\n${pieces[piece]?.cell?.text}\n\n// hello`),
      begun(number, 'a'),
    )
    const asTheyAre = await played(
      number,
      cells.map((piece) => ({ piece, guess: '', ...chance() })),
    )
    const { runs } = running(remarked, pieces, cells.at(-1) as number, chance)
    for (const [at, shown] of (await played(number, runs)).entries()) {
      const values = valuesIn(asTheyAre[at] ?? [])
      // Its last value is shown in any case.
      t.strictSame(valuesIn(shown).slice(0, values.length), values, `cell ${at + 1}`)
    }
  })

const { pieces } = lessonOnPage(3)
const piece = cellsOf(pieces)[2] as number
const cell = pieces[piece]?.cell as NotebookCell

t.test('a part ends where the lesson shows a value, and something follows', async (t) => {
  const [first, second] = cell.text.split('\n') as [string, string]
  t.strictSame(endsIn(cell, cell.text), [1])
  t.strictSame(endsIn(cell, `1\n  ${first}; // hello\n${second}\n\n2\n`), [2, 3])
  t.strictSame(endsIn(cell, `${second}\n${first}`), [1], 'in another order')
  t.strictSame(endsIn(cell, `${first}\n\n`), [])
  t.strictSame(endsIn(cell, 'null'), [])
})

t.test('a line has the number in its part that it has in the whole', async (t) => {
  t.strictSame(partsOf({ code: 'a\nb\n\nc', ends: [1, 2] }), ['a', '\nb', '\n\n\nc'])
  t.strictSame(partsOf({ code: 'a\nb' }), ['a\nb'])
  t.strictSame(partsOf({ code: 'a\nb', ends: [7] }), ['a\nb'], 'it has no such line')
  t.strictSame(partsOf({}), [])
})

t.test('what is behind a part that fails does not run, and a run without parts is one', async (t) => {
  const code = 'var list = [1]\nnull.x\nlist.push(2)\nlist'
  const [inParts, whole] = await played(3, [
    { piece, code, ends: [1, 2, 3], ...chance() },
    { piece, code: 'list.push(3)\nlist', ...chance() },
  ])
  const saidBy = (shown: readonly Shown[] = []) => shown.map(({ tone, text }) => `${tone} ${plain(text)}`)
  t.strictSame(saidBy(inParts), [
    'code var list = [1]',
    'code null.x',
    "problem TypeError: Cannot read properties of null (reading 'x') (line 2 of what you typed)",
    'code list.push(2)',
    'code list',
  ])
  t.strictSame(saidBy(whole), ['code list.push(3) list', 'value [ 1, 3 ]'])
})

t.test('of code that leaves no other trace, the value is shown, though it is undefined', async (t) => {
  const saidBy = async (code: string, ends: readonly number[] = []) => {
    const [shown] = await played(5, [{ piece: 0, code, ends, ...chance() }])
    return shown?.filter(({ tone }) => tone !== 'code').map(({ tone, text }) => `${tone} ${plain(text)}`)
  }
  const undefinedIsShown = ['value undefined']
  t.strictSame(await saidBy('const { tricks } = school.getDog as any\ntricks'), undefinedIsShown)
  t.strictSame(await saidBy('const a = 1\nvoid 0', [1]), undefinedIsShown, 'in parts')
  t.strictSame(await saidBy('const nothing = undefined'), [], 'a declaration has no value')
  t.strictSame(await saidBy('1\nvoid 0', [1]), ['value 1'])
  t.strictSame(await saidBy("void (await school.registerDog('Fido'))"), ['news +1 Registered · fido v1'])
  t.strictSame(await saidBy("const other = new DogSchool(); void (await other.registerDog('Fido'))"), [], 'elsewhere')
  t.match(await saidBy('[1].forEach(async () => { await new Promise(() => {}) })'), [/^plain Line 1: /])
})
