/** The sign of life of what takes long. */
import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { register } from '../../src/node/paths'
import { noGuard } from '../../src/repl/cells/engine'
import { Evaluator } from '../../src/repl/cells/evaluator'
import { nodeEngine } from '../../src/repl/cells/node-engine'
import { check } from '../../src/repl/commands/check'
import { silent, waitingAfter, waitingOn } from '../../src/repl/render/waiting'
import { nothing } from '../../src/repl/session/reply'
import type { Session } from '../../src/repl/session/session'
import { cleanEnvironment } from '../clean-environment'

const look = { width: 80, colour: true, unicode: true }

function listen() {
  const written: string[] = []
  let heard: () => void = () => undefined
  const first = new Promise<void>((resolve) => {
    heard = resolve
  })
  const write = (text: string) => {
    written.push(text)
    heard()
  }
  return { written, first, write }
}

t.test('what takes long is named, and wiped away when it is done', async (t) => {
  const { written, first, write } = listen()
  let end: (value: number) => void = () => undefined
  const work = new Promise<number>((resolve) => {
    end = resolve
  })
  const done = waitingOn({ write }, () => look)('checking', () => work)
  await first
  t.match(written, [/checking…/])
  end(3)
  t.equal(await done, 3)
  t.match(written, [/checking…/, '\r\u001b[K'])
})

t.test('what is known to take long is named before it begins', async (t) => {
  const { written, write } = listen()
  const atStart = await waitingOn({ write }, () => look)('checking', async () => [...written], true)
  t.match(atStart, [/checking…/])
  t.match(written, [/checking…/, '\r\u001b[K'])
})

t.test('what takes very long tells for how long, again and again, and how to leave', async (t) => {
  const { written, write } = listen()
  const pace = { soon: 1, late: 5, every: 2 }
  const work = async () => {
    while (written.filter((text) => text.includes(' s (Ctrl-C stops it)')).length < 3) await sleep(1)
  }
  await waitingOn({ write }, () => look, pace)('checking', work, true, 'Ctrl-C stops it')
  t.match(written.slice(0, 3), [/checking…(?! \d)/, '\r\u001b[K', /checking… \d+ s \(Ctrl-C stops it\)/])
  t.equal(written.at(-1), '\r\u001b[K')
  const { length } = written
  await sleep(10)
  t.equal(written.length, length, 'and says nothing more when it is done')
})

t.test('a check can be stopped: nobody waits for it any more', async (t) => {
  const evaluator = new Evaluator(nodeEngine(t.testdir(), noGuard), {})
  t.teardown(() => evaluator.close())
  let begin: () => void = () => undefined
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const judge = () => {
    begin()
    return new Promise(() => undefined)
  }
  const course = { lessons: [{ number: 1 }], check: judge }
  const session = { evaluator, world: { course } } as unknown as Session
  const checked = check.run(session, ['1'], '1')
  await begun
  t.equal(evaluator.stop(), true)
  t.match(await checked, { kind: 'problem', says: /^Stopped/ })
})

t.test('after a line that is typed, the cursor stays where it is', async (t) => {
  const { written, write } = listen()
  await waitingAfter({ write }, () => look)('checking', async () => 1, true)
  const [sign = '', wiped] = written
  t.ok(sign.startsWith('\u001b7') && sign.endsWith('\u001b8') && sign.includes('checking…'))
  t.strictSame([wiped, written.length], ['\u001b[K', 2])
})

t.test('a line that comes before the types are read says so first, and so does each check', async (t) => {
  const evaluator = new Evaluator(nodeEngine(t.testdir(), noGuard), {})
  t.teardown(() => evaluator.close())
  const signs: [string, boolean | undefined][] = []
  evaluator.waiting = (what, work, isLong) => {
    signs.push([what, isLong])
    return work()
  }
  for (const line of ['1 + 1', '2 + 2']) t.match(await evaluator.run(evaluator.read(line)), { kind: 'done' })
  t.strictSame(signs.splice(0), [
    ['reading the types', true],
    ['reading the types', false],
  ])
  const course = {
    lessons: [{ number: 1 }],
    async check() {
      t.strictSame(signs.splice(0), [['checking', true]], 'before it begins')
      return { lines: [], passed: true }
    },
  }
  const session = { evaluator, world: { course }, refreshSchool: async () => nothing }
  await check.run(session as unknown as Session, ['1'], '1')
  t.strictSame(signs, [], 'it was checked')
})

t.test('so it is when the work fails', async (t) => {
  const { written, first, write } = listen()
  const work = first.then(() => {
    throw new Error('no')
  })
  await t.rejects(
    waitingOn({ write }, () => ({ ...look, unicode: false }))('checking', () => work),
    /no/,
  )
  t.match(written, [/checking\.\.\./, '\r\u001b[K'])
})

t.test('what is done soon, and where nobody looks, nothing is said', async (t) => {
  const { written, write } = listen()
  t.equal(await waitingOn({ write }, () => look)('checking', async () => 1), 1)
  t.equal(await silent('checking', async () => 2), 2)
  await sleep(400)
  t.strictSame(written, [])
})

t.test('a start that must compile says so before it does', async (t) => {
  const text = (said: string) => `console.log('${said}') // ${process.hrtime.bigint()}`
  const folder = t.testdir({ 'one.ts': text('one'), 'two.ts': text('two') })
  const script = `require(${JSON.stringify(register)}).onCompiling(() => console.log('compiling'))
    require('./one.ts')
    require('./two.ts')`
  const run = () =>
    execFileSync(process.execPath, ['-e', script], { cwd: folder, env: cleanEnvironment(), encoding: 'utf8' })
  t.equal(run(), 'compiling\none\ntwo\n')
  t.equal(run(), 'one\ntwo\n', 'once')
})
