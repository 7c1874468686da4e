/** Where something is in an answer, where a browser tells it in a text, as Firefox does. */
import { resolve } from 'node:path'
import t from 'tap'
import * as ts from 'typescript'
import { know } from '../../src/notebook/judge/compile'
import { framesIn, showFramesInText } from '../../src/notebook/judge/stack-text'
import { transpiled } from '../../src/notebook/judge/transpiled'

const file = resolve('/my-school/dog.ts')
const source = `interface Trick {
  name: string
}

export class Dog {
  addTrick(trick: Trick) {
    return (trick as any).nothing.there
  }
}
`
know(file, source, transpiled(ts, 'dog.ts', source))
const compiledLine = (code: string): number => {
  const made = transpiled(ts, 'dog.ts', source)
  const lines = 'code' in made ? made.code.split('\n') : []
  return lines.findIndex((line) => line.includes(code)) + 1
}
const line = compiledLine('nothing')
/** What Firefox 153 says, with this line. */
const said = `addTrick@${file}:${line}:24
async*@${file}:${line}:9
@http://localhost:8000/assets/judge-worker-abc.js:3:14
perform@http://localhost:8000/assets/judge-worker-abc.js line 7 > eval:1:20
`

t.test('frames of an answer are at their places in the source, as V8 writes them', (t) => {
  t.not(line, 7, 'it is another line in the compiled code')
  t.match(framesIn(said), [/^ {4}at addTrick \(\S+dog\.ts:7:\d+\)$/, /^ {4}at \S+dog\.ts:7:\d+$/])
  t.strictSame(framesIn(said).length, 2, 'those of the page are left out')
  t.strictSame(framesIn(`TypeError: no\n    at addTrick (${file}:${line}:24)`), [], 'V8 writes them itself')
  t.strictSame(framesIn(`bark@${file}x:1:1`), [], 'another file')
  t.end()
})

t.test('where errors have a stack of their own, they keep it', (t) => {
  const { stack } = new Error('mine')
  showFramesInText(() => 'head')
  t.match(stack, /^Error: mine\n {4}at /)
  t.match(new Error('mine').stack, /^Error: mine\n {4}at /)
  t.end()
})
