import t from 'tap'
import { slipOfPen } from '../../src/course/notation'

t.test('what other languages write is told from TypeScript', async (t) => {
  for (const code of [
    'export function openSchool(file: string) -> DogSchool {',
    'async addTrick(String dogId, String trick) {',
    'Dog dog = new Dog(name);',
    'def add_trick(self, trick):',
    'export DogSchool openSchool(String file) {',
  ])
    t.equal(slipOfPen({ code, mark: 0 }), 'notation', code)
  for (const code of [
    'export async function openSchool(file: string): Promise<DogSchool> {',
    "import type { Dog } from './dog'",
    "for (const one of dogs) if ('name' in one) throw new Error(one.name)",
    'private readonly tricks: string[] = [] // String name',
    'const later = async (dog: Dog) => dog.name as string',
  ])
    t.notOk(slipOfPen({ code, mark: 0 }), code)
  const missing = "import { Aggregate Application } from 'dog-school'"
  t.notOk(slipOfPen({ code: missing, mark: missing.indexOf('Application') }), 'a comma is missing')
  t.notOk(slipOfPen(undefined))
})

t.test('a property without a name', async (t) => {
  const code = 'return { dog.name, tricks }'
  t.equal(slipOfPen({ code, mark: code.indexOf('.') }), 'notation')
  t.notOk(slipOfPen({ code: 'return { name: dog.name }', mark: 0 }))
})

t.test('a quotation mark that has no partner', async (t) => {
  for (const code of [
    "fido.addTrick('roll over)",
    "fido.addTrick(roll over')",
    "fido.addTrick(sit')",
    "t.strictSame(fido.tricks, [roll over', 'play dead'])",
    't.strictSame(fido.tricks, ["roll over", play dead"])',
    'fido.addTrick(roll over)',
    't.strictSame(fido.tricks, [roll over, play dead])',
    'fido.addTrick(‘roll over’)',
    "import { Aggregate } from dog-school'",
  ])
    t.equal(slipOfPen({ code, mark: 0 }), 'open-quote', code)
  for (const code of [
    "fido.addTrick('roll over'",
    "t.strictSame(fido.tricks ['roll over' 'play dead'])",
    'await (new Dog)',
    'if (event instanceof Object)',
    'const names = [typeof one, await two]',
    "const buster = 'Buster' // Fido's friend",
  ])
    t.equal(slipOfPen({ code, mark: 0 }), undefined, code)
  t.equal(slipOfPen({ code: 'addTrick(string trick) {', mark: 0 }), 'notation')
  t.equal(slipOfPen({ code: 'teach(dog trick) {', mark: 0 }), 'notation')
})

t.test('an arrow function that needs parentheses', async (t) => {
  for (const code of [
    'events.map({ version } => version)',
    'events.map([first] => first)',
    'events.map(event: any => event.version)',
    'events.map((event) => { version: event.version, name: event.name })',
  ])
    t.equal(slipOfPen({ code, mark: 0 }), 'arrow', code)
  for (const code of [
    'events.map(({ version }) => version)',
    'const later = { run: event => event.name }',
    'events.map((event) => ({ version: event.version, name: event.name }))',
    'events.forEach((event) => { seen = { name: event.name, version: event.version } })',
  ])
    t.equal(slipOfPen({ code, mark: 0 }), undefined, code)
})
