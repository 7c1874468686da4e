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

t.test('a parameter that is never used says what an unknown name was meant to be', async (t) => {
  const folder = join(scratch, 'parameters')
  mkdirSync(folder, { recursive: true })
  const lines = [
    'export function open(path: string) {\n  return [1].map((each) => each + file.length)\n}',
    'export const greet = (name: string) => name + nam',
    'export class Dog {\n  constructor(readonly name: string, age: string) {\n    console.log(this.age, aeg)\n  }\n}',
    'export const nobody = (name: string) => new Naem()',
    'export const last = (dog: { name: string }, name: string) => dog.name + nmae',
    'export const count = (list: unknown[]) => len(1) + len',
    'export const learn = (own: string) => {\n  kept = self.name\n}',
    "t.test('Fido', async (t) => {\n  fido.sit()\n})\nt.test('Rex', async (t) => expect(1))",
  ]
  writeFileSync(join(folder, 'dog.ts'), `${lines.join('\n')}\n`)
  const found = await typeErrors([folder])
  const names = found.get(folder)?.filter(({ message }) => message.startsWith('Cannot find name'))
  t.strictSame(
    names?.map(({ message, hint }) => [message, hint]),
    [
      ["Cannot find name 'file'; 'path' is never used.", 'other-parameter'],
      ["Cannot find name 'nam'. Did you mean 'name'?", 'ts2552'],
      ["Cannot find name 'aeg'; 'age' is never used.", 'other-parameter'],
      ["Cannot find name 'Naem'.", 'ts2304'],
      ["Cannot find name 'nmae'; 'name' is never used.", 'other-parameter'],
      ["Cannot find name 'len'.", 'ts2304'],
      ["Cannot find name 'len'.", 'ts2304'],
      ["Cannot find name 'kept'.", 'ts2304'],
      ["Cannot find name 'self'.", 'ts2304'],
      ["Cannot find name 't'.", 'ts2304'],
      ["Cannot find name 'fido'.", 'ts2304'],
      ["Cannot find name 't'.", 'ts2304'],
      ["Cannot find name 'expect'.", 'ts2304'],
    ],
    'not what is used, what is a class or is called, what is so in Python, or the `t` of a test',
  )
})
