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

t.test('what is imported is named as the learner names it', async (t) => {
  const folder = join(scratch, 'imports')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'dog.ts'), 'export class Dog {}\n')
  const imports = [
    "import Dog from './dog'",
    "import sqlite from 'dog-school/sqlite'",
    "import { Cat } from 'dog-school'",
  ]
  writeFileSync(join(folder, 'school.ts'), `${imports.join('\n')}\nexport const all = [Dog, sqlite, Cat]\n`)
  const found = await typeErrors([folder])
  t.strictSame(
    found.get(folder)?.map(({ message }) => message),
    [
      `Module './dog' has no default export. Did you mean to use 'import { Dog } from "./dog"' instead?`,
      `Module 'dog-school/sqlite' has no default export. Did you mean to use 'import { sqlite } from "dog-school/sqlite"' instead?`,
      `Module '"dog-school"' has no exported member 'Cat'.`,
    ],
  )
})
