/** What TypeScript says of a file that came with the lesson is told at the place where the learner can mend it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { atCause } from '../../src/checkpoints/at-cause'
import { typeErrors } from '../../src/checkpoints/type-errors'
import { kit } from '../../src/node/paths'

const scratch = join(kit, '.tap', `cause-${process.pid}`)
t.teardown(() => rmSync(scratch, { recursive: true, force: true }))

const test = "import { Dog } from './dog'\nconst fido = new Dog('Fido')\nfido.addTrick('sit')\nconsole.log(fido.name)\n"
const given = new Map([['dog.test.ts', test]])
const addTrick = 'addTrick(trick: string) {\n    console.log(trick)\n  }'

/** By what is wrong: the dog, the place that is to be named, and what stands there. */
const dogs: Readonly<Record<string, readonly [dog: string, at: string, code: string]>> = {
  'plain JavaScript': [
    'export class Dog {\n  constructor(name) {\n    this.name = name\n  }\n  addTrick(trick) {}\n}\n',
    'dog.ts:2:15',
    'constructor(name) {',
  ],
  'a field that is not there': [
    `export class Dog {\n  constructor(name: string) {\n    console.log(name)\n  }\n  ${addTrick}\n}\n`,
    'dog.ts:1:14',
    'export class Dog {',
  ],
  'a private field': [
    `export class Dog {\n  constructor(\n    private name: string) {}\n  ${addTrick}\n}\n`,
    'dog.ts:3:13',
    'private name: string) {}',
  ],
  'a class that is not exported': [
    `// Fido\nclass Dog {\n  constructor(readonly name: string) {}\n  ${addTrick}\n}\n`,
    'dog.ts:2:7',
    'class Dog {',
  ],
  'a constructor that takes nothing': [
    `export class Dog {\n  readonly name = 'Fido'\n  constructor() {}\n  ${addTrick}\n}\n`,
    'dog.ts:3:3',
    'constructor() {}',
  ],
  'a method that takes nothing': [
    'export class Dog {\n  constructor(readonly name: string) {}\n  addTrick() {}\n}\n',
    'dog.ts:3:3',
    'addTrick() {}',
  ],
}

t.test('the place is where the learner has something to do', async (t) => {
  const folders = Object.values(dogs).map(([dog], at) => folderWith(`given-${at}`, dog, test))
  const found = await typeErrors(folders)
  for (const [at, [name, [dog, place, code]]] of Object.entries(dogs).entries()) {
    const complaints = found.get(folders[at] as string) ?? []
    t.match(complaints[0], { place: { file: 'dog.test.ts' } }, `${name}: the compiler names the test first`)
    const [first] = atCause(complaints, given, (file) => (file === 'dog.ts' ? dog : test))
    const { file, line, column } = first?.place ?? {}
    t.equal(`${file}:${line}:${column}`, place, name)
    t.equal(first?.place?.code, code, name)
    if (name !== 'plain JavaScript') t.match(first?.message, /\. It is used in dog\.test\.ts:\d: /, name)
  }
})

t.test('what the learner has written is told where it stands', async (t) => {
  const own = test.replace('fido.name', 'fido.nmae')
  const dog = `export class Dog {\n  constructor(readonly name: string) {}\n  ${addTrick}\n}\n`
  const folder = folderWith('own', dog, own)
  const complaints = (await typeErrors([folder])).get(folder) ?? []
  t.match(complaints, [{ place: { file: 'dog.test.ts', line: 4 } }])
  t.strictSame(
    atCause(complaints, given, (file) => (file === 'dog.ts' ? dog : own)),
    complaints,
  )
})

t.test('what has no other place stays where it is', async (t) => {
  const complaint = {
    obstacle: 'types',
    message: "Cannot find module './dog'.",
    place: { file: 'dog.test.ts', line: 1, column: 21 },
  } as const
  t.strictSame(
    atCause([complaint], given, (file) => (file === 'dog.ts' ? '' : test)),
    [complaint],
  )
  const ofPackage = { ...complaint, message: "Cannot find module 'tap' or its corresponding type declarations." }
  t.strictSame(
    atCause([ofPackage], given, (file) => (file === 'dog.ts' ? 'export class Dog {}' : test)),
    [ofPackage],
  )
})

function folderWith(name: string, dog: string, test: string): string {
  const folder = join(scratch, name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'dog.ts'), dog)
  writeFileSync(join(folder, 'dog.test.ts'), test)
  return folder
}
