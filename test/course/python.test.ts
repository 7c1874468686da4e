import t from 'tap'
import { slipOfPython } from '../../src/course/python'

/** A line that cannot be read; the compiler gave up at the sign `at`. */
const unread = (code: string, at = '') =>
  slipOfPython({ message: '', hint: 'ts1005', place: { code, mark: code.indexOf(at) } })
const said = (message: string, code = '') => slipOfPython({ message, hint: 'ts2304', place: { code } })

t.test('a line as in Python', async (t) => {
  for (const code of [
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
  ])
    t.equal(unread(code), 'python-lines', code)
  for (const code of ['# a comment', 'this.tricks.push(trick) # at the end'])
    t.equal(unread(code, '#'), 'python-lines', code)
  t.equal(said("Cannot find name 'property'.", '@property'), 'python-lines')
})

t.test('a list as in Python', async (t) => {
  for (const code of ['return [t for t in tricks]', 'f(dog.name for dog in dogs)', 'tricks[:]', 'tricks[1:]'])
    t.equal(unread(code), 'python-lists', code)
  for (const type of ['string[]', 'readonly string[]', '{ name: string; }[]'])
    t.equal(said(`Property 'append' does not exist on type '${type}'.`), 'python-lists', type)
  t.equal(said("Cannot find name 'list'.", 'return list(tricks)'), 'python-lists')
  t.notOk(said("Property 'append' does not exist on type 'Dog'."))
  t.notOk(said("Property 'add' does not exist on type 'string[]'."), 'that is a set')
})

t.test('a word of Python', async (t) => {
  for (const code of [
    'if (a and b) {',
    'if (not a) {',
    'if (a is not None) {',
    "push(f'{trick}')",
    "raise new Error('no')",
  ])
    t.equal(unread(code), 'python-words', code)
  for (const name of ['None', 'print', 'len']) t.equal(said(`Cannot find name '${name}'.`), 'python-words', name)
  t.equal(said("Cannot find name 'len'; 'trick' is never used."), 'python-words')
  t.equal(said("Cannot find name 'self'."), 'python-self')
  t.equal(said("Parameter 'self' implicitly has an 'any' type."), 'python-self')
})

t.test('a variable that nothing makes', async (t) => {
  t.equal(said("Cannot find name 'dog'. Did you mean 'Dog'?", 'dog = await find()'), 'no-const')
  t.equal(said("Cannot find name 'trick'.", 'for (trick of tricks) {'), 'no-const')
  t.notOk(said("Cannot find name 'coutn'. Did you mean 'count'?", 'coutn = 2'), 'misspelt')
  t.notOk(said("Cannot find name 'dog'.", 'dog.name = name'))
  t.notOk(said("Cannot find name 'dog'.", 'dog == fido'))
  t.notOk(said("Cannot find name 'tricks'. Did you mean the instance member 'this.tricks'?", 'tricks = []'))
})

t.test('what TypeScript writes as well is no habit of Python', async (t) => {
  for (const code of [
    'if (trick {',
    'for (const trick of tricks {',
    'for (const trick in tricks {',
    'class Dog extends Aggregate(',
    "import { Dog } from './dog",
    "t.pass('roll over and sit)",
    "t.pass(roll and sit')",
    "push('a' 'not b')",
    'const f = (event => { version: event.version, name: event.name })',
    'private #tricks = [',
    'case 1:',
  ])
    t.equal(unread(code), undefined, code)
})
