/** A file of the learner's that is gone for a moment, while an editor puts another in its place, does not break the kit. */
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import * as ts from 'typescript'
import { lessons } from '../../src/checkpoints/folders'
import { judgeFolders } from '../../src/checkpoints/judge-process'
import { load, placeIn } from '../../src/checkpoints/judging/load-answer'
import { writtenImports } from '../../src/checkpoints/judging/trace-imports'
import { typeErrors } from '../../src/checkpoints/type-errors'
import { unusedParameter } from '../../src/checkpoints/unused-parameter'

t.test('a file that is listed and not there', async (t) => {
  const folder = t.testdir({
    'dog.ts': "import { name } from './name'\nexport const age: number = name\n",
    'name.ts': "export const name = 'Fido'\n",
  })
  // One that an editor leaves while there is something to be saved.
  symlinkSync(join(folder, 'nowhere'), join(folder, '.#dog.ts'), 'junction')
  t.match((await typeErrors([folder])).get(folder), [{ hint: 'ts2322', place: { file: 'dog.ts', line: 2 } }])
  t.strictSame(writtenImports(folder), [{ from: './dog', to: './name' }])
  t.throws(() => load(folder, '.#dog.ts'), { message: 'There is no .#dog.ts.' })
})

t.test('a place in what is there no more', async (t) => {
  const folder = t.testdir({ 'dog.ts': 'const unused = (name: string) => nmae\n' })
  const text = readFileSync(join(folder, 'dog.ts'), 'utf8')
  const gone = join(folder, 'gone.ts')
  t.match(placeIn(`    at look (${gone}:3:5)`, folder), { file: 'gone.ts', line: 3, column: 5, code: '' })
  t.equal(unusedParameter('', { line: 3, column: 5 }, ts), undefined)
  t.equal(unusedParameter(text, { line: 1, column: 34 }, ts), 'name')
  t.equal(unusedParameter(text, { line: 3, column: 5 }, ts), undefined, 'it is shorter by now')
})

t.test('a folder that is gone, as while a lesson is begun again', async (t) => {
  const gone = join(t.testdir(), 'gone')
  t.strictSame((await typeErrors([gone])).get(gone), [])
  for (const { number, folder } of lessons()) {
    const [run] = await judgeFolders(folder, [gone])
    t.match(
      run?.verdict,
      number === 6
        ? { outcome: 'not yet', slip: { check: 'files', came: 'there is no dog.ts; the files are: none' } }
        : { outcome: 'unloadable', trouble: { obstacle: 'file' } },
      `lesson ${number}`,
    )
  }
})
