/** Why TypeScript cannot read a line, by the line. A `¦` stands where it gave up, if not at the beginning. */
import t from 'tap'
import { slipOfPen } from '../../src/course/notation'

const lines = {
  // What other languages write.
  notation: [
    'export function openSchool(file: string) -> DogSchool {',
    'async addTrick(String dogId, String trick) {',
    'Dog dog = new Dog(name);',
    'export DogSchool openSchool(String file) {',
    'addTrick(string trick) {',
    'teach(dog trick) {',
    // A property without a name.
    'return { dog¦.name, tricks }',
  ],
  // A quotation mark that has no partner.
  'open-quote': [
    "fido.addTrick('roll over)",
    "fido.addTrick(roll over')",
    "fido.addTrick(sit')",
    "t.strictSame(fido.tricks, [roll over', 'play dead'])",
    't.strictSame(fido.tricks, ["roll over", play dead"])',
    'fido.addTrick(roll over)',
    't.strictSame(fido.tricks, [roll over, play dead])',
    'fido.addTrick(‘roll over’)',
    "import { Aggregate } from dog-school'",
  ],
  // An arrow function that needs parentheses.
  arrow: [
    'events.map({ version } => version)',
    'events.map([first] => first)',
    'events.map(event: any => event.version)',
    'events.map((event) => { version: event.version, name: event.name })',
  ],
  nothing: [
    'export async function openSchool(file: string): Promise<DogSchool> {',
    "import type { Dog } from './dog'",
    "for (const one of dogs) if ('name' in one) throw new Error(one.name)",
    'private readonly tricks: string[] = [] // String name',
    'const later = async (dog: Dog) => dog.name as string',
    'return { name: dog.name }',
    // A comma is missing.
    "import { Aggregate ¦Application } from 'dog-school'",
    "fido.addTrick('roll over'",
    "t.strictSame(fido.tricks ['roll over' 'play dead'])",
    'await (new Dog)',
    'if (event instanceof Object)',
    'const names = [typeof one, await two]',
    "const buster = 'Buster' // Fido's friend",
    'events.map(({ version }) => version)',
    'const later = { run: event => event.name }',
    'events.map((event) => ({ version: event.version, name: event.name }))',
    'events.forEach((event) => { seen = { name: event.name, version: event.version } })',
  ],
}

for (const [hint, codes] of Object.entries(lines))
  t.test(hint, async (t) => {
    for (const line of codes) {
      const slip = slipOfPen({ code: line.replace('¦', ''), mark: Math.max(0, line.indexOf('¦')) })
      t.equal(slip ?? 'nothing', hint, line)
    }
  })

t.equal(slipOfPen(undefined), undefined)
