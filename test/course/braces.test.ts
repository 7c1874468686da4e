import t from 'tap'
import { looseBrace } from '../../src/course/braces'

const place = (...lines: string[]) => {
  const loose = looseBrace(lines.join('\n'))
  return loose && `${loose.sign} ${loose.line}:${loose.column}`
}

t.test('A brace that was never closed is found by the indentation of the next one that closes', async (t) => {
  t.equal(place('class Dog {', '  addTrick() {', '    push()', '', '}'), '{ 2:14')
  t.equal(place('class Dog {', '  constructor() {', '', '  addTrick() {', '  }', '}'), '{ 2:17')
  t.equal(place('class Dog {', '  addTrick() {', '  }'), '{ 1:11')
})

t.test('A brace that closes nothing is named itself', async (t) => {
  t.equal(place('class Dog {', '}', '  addTrick() {', '  }', '}'), '} 5:1')
})

t.test('So is a parenthesis or a bracket', async (t) => {
  t.equal(place('function open(file) {', '  return school(sqlite(file)', '}'), '( 2:16')
  t.equal(place('class Dog {', '  tricks = [', '}'), '[ 2:12')
  t.equal(place('call(async () => {', '  save(dog))', '})'), ') 2:12')
  t.equal(place('call(async () => {', '  save(dog)', ')'), '{ 1:18')
  t.equal(place('test(() => {', '  same(dog)', '}'), '( 1:5')
})

t.test('Nothing is loose where each has its partner', async (t) => {
  t.equal(place('class Dog { constructor() { if (this[0]) {} } }'), undefined)
  t.equal(place('function f() {', 'return {', '  a: 1 }', '    }'), undefined, 'however it is indented')
})

t.test('Braces in strings, comments, templates and regular expressions do not count', async (t) => {
  t.equal(place('const found = /[{]/.test(`{ }`)'), undefined)
  t.equal(place("const a = '{' + \"}\" + '\\'{' // {", '/* {', '{ */', 'const b = `{`'), undefined)
})
