/** What the compiler is asked about: the learner's files and what they import, and nothing else of this house. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { typeErrors } from '../../src/checkpoints/type-errors'
import { kit } from '../../src/node/paths'

const scratch = join(kit, '.tap', `types-${process.pid}`)
t.teardown(() => rmSync(scratch, { recursive: true, force: true }))

t.test('the compiler reads the files of the learner, and not those of the kit', async (t) => {
  const folders = ['one', 'two'].map((name) => join(scratch, name))
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'dog.ts'), "export const name: string = 'Fido'\nexport const age: number = name\n")
  }
  const found = await typeErrors(folders)
  for (const folder of folders)
    t.match(found.get(folder), [{ hint: 'ts2322', place: { file: 'dog.ts', line: 2, column: 14 } }])

  const tsc = join(kit, 'node_modules', 'typescript-7', 'bin', 'tsc')
  const args = [tsc, '-p', join(scratch, 'check.json'), '--listFilesOnly']
  const read = execFileSync(process.execPath, args, { cwd: kit, encoding: 'utf8' }).trim().split('\n')
  t.strictSame(
    read.map((file) => relative(kit, file)).filter((file) => !/^(node_modules|\.\.)/.test(file)),
    folders.map((folder) => relative(kit, join(folder, 'dog.ts'))),
  )
})
