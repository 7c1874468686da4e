/** Which habit of Python a complaint is about. A `¦` stands where TypeScript gave up. */
import t from 'tap'
import { slipOfPython } from '../../src/course/python'

/** Lines that cannot be read. */
const unread = {
  'python-lines': [
    'def addTrick(self, trick):',
    'async def addTrick(trick: string) {',
    'export def openSchool(file):',
    'class Dog(Aggregate) {',
    'export class Dog:',
    'export class Dog extends Aggregate:',
    'if trick == "sit" {',
    'if (trick):',
    '} else:',
    '} elif (trick) {',
    '} except (error) {',
    'for trick in tricks:',
    "from 'dog-school' import { Aggregate }",
    '"""Teaches a dog."""',
    '¦# a comment',
    'this.tricks.push(trick) ¦# at the end',
  ],
  'python-lists': ['return [t for t in tricks]', 'f(dog.name for dog in dogs)', 'tricks[:]', 'tricks[1:]'],
  'python-words': [
    'if (a and b) {',
    'if (not a) {',
    'if (a is not None) {',
    "push(f'{trick}')",
    "raise new Error('no')",
    "assert fido.name == 'Fido'",
  ],
  // What TypeScript writes as well.
  nothing: [
    'if (trick {',
    'for (const trick of tricks {',
    'for (const trick in tricks {',
    'class Dog extends Aggregate(',
    "import { Dog } from './dog",
    "t.pass('roll over and sit)",
    "t.pass(roll and sit')",
    "push('a' 'not b')",
    "assert ('a' 'b')",
    'assert = (trick string)',
    'const f = (event => { version: event.version, name: event.name })',
    'private #tricks = [',
    'case 1:',
  ],
}

/** What TypeScript says of lines that it can read. */
const said: Readonly<Record<string, readonly (readonly [message: string, code?: string])[]>> = {
  'python-lines': [["Cannot find name 'property'.", '@property']],
  'python-lists': [
    ["Property 'append' does not exist on type 'string[]'."],
    ["Property 'append' does not exist on type 'readonly string[]'."],
    ["Property 'append' does not exist on type '{ name: string; }[]'."],
    ["Cannot find name 'list'.", 'return list(tricks)'],
  ],
  'python-words': [
    ["Cannot find name 'None'."],
    ["Cannot find name 'print'."],
    ["Cannot find name 'len'."],
    ["Cannot find name 'assert'."],
  ],
  'python-self': [["Cannot find name 'self'."], ["Parameter 'self' implicitly has an 'any' type."]],
  // A variable that nothing makes.
  'no-const': [
    ["Cannot find name 'dog'. Did you mean 'Dog'?", 'dog = await find()'],
    ["Cannot find name 'trick'.", 'for (trick of tricks) {'],
  ],
  nothing: [
    ["Property 'append' does not exist on type 'Dog'."],
    // That is a set.
    ["Property 'add' does not exist on type 'string[]'."],
    // Misspelt.
    ["Cannot find name 'coutn'. Did you mean 'count'?", 'coutn = 2'],
    ["Cannot find name 'dog'.", 'dog.name = name'],
    ["Cannot find name 'dog'.", 'dog == fido'],
    ["Cannot find name 'tricks'. Did you mean the instance member 'this.tricks'?", 'tricks = []'],
  ],
}

t.test('a line that cannot be read', async (t) => {
  for (const [hint, lines] of Object.entries(unread))
    for (const line of lines) {
      const place = { code: line.replace('¦', ''), mark: Math.max(0, line.indexOf('¦')) }
      t.equal(slipOfPython({ message: '', hint: 'ts1005', place }) ?? 'nothing', hint, line)
    }
})

t.test('what TypeScript says', async (t) => {
  for (const [hint, all] of Object.entries(said))
    for (const [message, code = ''] of all)
      t.equal(slipOfPython({ message, hint: 'ts2304', place: { code } }) ?? 'nothing', hint, `${message} ${code}`)
})
