/** The parts of the terminal without a terminal: what lets lines through, completes, remembers and edits. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { REPLServer } from 'node:repl'
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { Questions } from '../../src/repl/session/questions'
import { nothing } from '../../src/repl/session/reply'
import type { Shell } from '../../src/repl/start/shell'
import { Completer } from '../../src/repl/terminal/completer'
import { colourWhileTyping, editSeveralLines } from '../../src/repl/terminal/editor'
import { Gate } from '../../src/repl/terminal/gate'
import { keepHistory } from '../../src/repl/terminal/history'
import { followPipe } from '../../src/repl/terminal/pipe'

process.env.FORCE_COLOR = '1'
const turn = () => new Promise((resolve) => setImmediate(resolve))
const turns = async () => {
  for (let i = 0; i < 8; i++) await turn()
}

t.test('a gate', async (t) => {
  const source = new PassThrough()
  const gate = new Gate(source as unknown as NodeJS.ReadStream)
  const heard: string[] = []
  gate.setEncoding('utf8').on('data', (text: string) => heard.push(text))
  const came = async () => {
    await turns()
    return heard.splice(0)
  }

  source.write('one\ntwo\r\nthr')
  t.strictSame(await came(), ['one\n', 'two\r\n', 'thr'], 'lets lines through one by one, and keys')

  let end = () => {}
  const held = gate.hold(new Promise<void>((resolve) => (end = resolve)))
  source.write('while it runs\nand more\n')
  t.strictSame(await came(), [], 'waits while a line runs')
  end()
  await held
  t.strictSame(await came(), ['while it runs\n', 'and more\n'])

  const again = gate.hold(new Promise<void>((resolve) => (end = resolve)))
  source.write('dropped\n')
  source.write('this too\u0003kept\n')
  t.strictSame(await came(), ['\u0003'], 'lets Ctrl-C through at once')
  end()
  await again
  t.strictSame(await came(), ['kept\n'], 'and drops what was waiting before it')

  const failing = gate.hold(Promise.reject(new Error('no')))
  source.write('after\n')
  await t.rejects(failing)
  t.strictSame(await came(), ['after\n'], 'opens after a failure as well')

  void gate.hold(new Promise<void>((resolve) => (end = resolve)))
  source.write('forgotten\n')
  await turns()
  gate.forget()
  end()
  t.strictSame(await came(), [])
})

t.test('completion', async (t) => {
  const asked: string[] = []
  const dogs = [
    { id: 'a1'.repeat(16), name: 'Fido' },
    { id: 'b2'.repeat(16), name: 'Fred' },
  ]
  const members = {
    all: dogs,
    find: (said: string) => dogs.filter(({ name }) => name.toLowerCase() === said),
    label(id: string) {
      const name = dogs.find((dog) => dog.id === id)?.name.toLowerCase() ?? ''
      return this.find(name).length === 1 ? name : this.shortId(id)
    },
    shortId: (id: string) => id.slice(0, 4),
  }
  const evaluator = {
    names: ['school', 'shown'],
    complete: async (text: string) => {
      asked.push(text)
      return ['switch', 'addTrick', 'string'].map((name) => ({ name }))
    },
  }
  const session = {
    members: async () => members,
    one: async (said: string) => members.find(said)[0],
    load: async () => ({ name: 'Fido', tricks: [] }),
    evaluator,
  }
  const completer = new Completer({ session } as unknown as Shell)
  const names = async (text: string) => (await completer.complete(text))[0]

  t.strictSame(await completer.complete('.tim'), [['.timeline'], '.tim'])
  t.ok((await names('.')).length > 20, 'all commands')
  t.strictSame(await names('.nothing'), [])
  t.strictSame(await completer.complete('.timeline f'), [['fido', 'fred'], 'f'], 'somebody')
  t.strictSame(await names('.timeline FI'), ['fido'])
  t.strictSame(await names('.types o'), ['off', 'on'], 'one of several words')
  t.strictSame(await names('.save x'), [], 'the name of a file')
  t.strictSame(await names('.help st'), ['step', 'store'], 'a command, or a group of them')
  t.strictSame(await names('.why fido t'), ['tricks'], 'a field of somebody')
  t.strictSame(await names('.at fido '), [], 'nothing else has two words')
  t.strictSame(await completer.complete("await school.getDog(idOf('"), [['fido', 'fred'], ''], 'names, from the start')
  t.strictSame(await names("'"), [])
  t.strictSame(asked, [], 'a command is not asked of TypeScript')
  t.strictSame(await completer.complete('.doc dog.a'), [['addTrick'], 'a'], 'a command that takes code')
  t.strictSame(await completer.complete('1 + s'), [['school', 'shown', 'string', 'switch'], 's'])
  t.strictSame(await completer.complete('dog.a'), [['addTrick'], 'a'], 'a member')
  t.strictSame(await names('dog. s'), ['string', 'switch'], 'no name of the session')
  t.strictSame(await names('f('), [], 'nothing without a beginning')
  dogs.push({ id: 'a2'.repeat(16), name: 'Fido' })
  t.strictSame(await names('.at '), ['a1a1 (Fido)', 'a2a2 (Fido)', 'fred'], 'of two of one name, whose an id is')
  t.strictSame(await names('.at a1'), ['a1a1'], 'but what is inserted is an id')
  evaluator.complete = () => Promise.reject(new Error('no'))
  t.strictSame(await completer.complete('sch'), [[], ''], 'an error completes nothing')
})

interface Line {
  line: string
  cursor: number
  history: string[]
  historyIndex: number
  _addHistory(): string
}

const remembering = (file: string | undefined) => {
  const server = { line: '', history: [], historyIndex: 3 } as unknown as Line
  keepHistory(server as unknown as REPLServer, file)
  const add = (line: string) => {
    server.line = line
    return server._addHistory()
  }
  return { server, add }
}

t.test('a history', async (t) => {
  const file = join(t.testdir(), 'history')
  const first = remembering(file)
  t.equal(first.add('one'), 'one')
  t.equal(first.server.historyIndex, -1)
  first.add('class A {\n  b\n}')
  first.add('class A {\n  b\n}')
  first.add('  ')
  t.strictSame(first.server.history, ['class A {\n  b\n}', 'one'], 'the newest first, each once, several lines as one')
  t.equal(readFileSync(file, 'utf8'), '"one"\n"class A {\\n  b\\n}"\n', 'a line of the file each')
  if (process.platform !== 'win32') t.equal(statSync(file).mode & 0o777, 0o600, 'for nobody else to read')
  t.strictSame(remembering(file).server.history, first.server.history, 'for the next session')

  writeFileSync(file, 'not JSON\n7\n"good"\n')
  t.strictSame(remembering(file).server.history, ['good'], 'what is not an entry is left out')
  t.strictSame(remembering(undefined).server.history, [])
  const nowhere = remembering(join(file, 'no-such-folder', 'history'))
  nowhere.add('one')
  t.strictSame(nowhere.server.history, ['one'], 'a file that cannot be written is done without')
})

t.test('a history of a thousand entries', async (t) => {
  const file = join(t.testdir(), 'history')
  const lines = (count: number) => Array.from({ length: count }, (_, i) => `"${i}"\n`).join('')
  writeFileSync(file, lines(1500))
  const { server, add } = remembering(file)
  t.strictSame([server.history.length, server.history[0], server.history.at(-1)], [1000, '1499', '500'])
  add('new')
  t.strictSame([server.history.length, server.history[0], server.history.at(-1)], [1000, 'new', '501'])
  t.equal(readFileSync(file, 'utf8').split('\n').length, 1502, 'the file is longer for a while')
  writeFileSync(file, lines(2001))
  remembering(file)
  t.equal(readFileSync(file, 'utf8'), lines(2001).slice(lines(1001).length), 'and is cut when it is twice as long')
})

/** What the editor uses of node:readline, without a screen. */
function editing(line = '', cursor = line.length) {
  const done: string[] = []
  const painted: string[] = []
  const wentOn: string[] = []
  const server = {
    line,
    cursor,
    isCompletionEnabled: true,
    getPrompt: () => '> ',
    _refreshLine: () => {},
    _insertString(text: string) {
      server.line = server.line.slice(0, server.cursor) + text + server.line.slice(server.cursor)
      server.cursor += text.length
    },
    _writeToOutput: (text: string) => painted.push(text),
    _ttyWrite(text: string | undefined, key: { name?: string }) {
      if (key.name === 'return') done.push(server.line)
      else if (text) server._insertString(text)
    },
  }
  editSeveralLines(
    server as unknown as REPLServer,
    (text) => (text.match(/\{/g)?.length ?? 0) > (text.match(/\}/g)?.length ?? 0),
    (line) => wentOn.push(line),
  )
  const press = (name: string, more: object = {}) => server._ttyWrite(undefined, { name, ...more } as { name: string })
  const type = (text: string) => {
    for (const each of text)
      each === '\n' ? press('return', { sequence: '\r' }) : server._ttyWrite(each, { name: each })
  }
  return { server, done, painted, wentOn, press, type }
}

t.test('an input of several lines', async (t) => {
  const { server, done, wentOn, press, type } = editing()
  type('a {\nb {\nc')
  t.strictSame(wentOn, ['a {', '  b {'], 'each of these lines is told of')
  t.equal(server.line, 'a {\n  b {\n    c', 'Enter goes on where it is not whole, a step further in')
  type('\n}')
  t.equal(server.line, 'a {\n  b {\n    c\n  }', 'what closes goes a step back')
  type('\n}')
  t.equal(server.line, 'a {\n  b {\n    c\n  }\n}')
  server.cursor = 2
  press('return')
  t.strictSame(done, ['a {\n  b {\n    c\n  }\n}'], 'Enter runs it from anywhere')
  t.equal(server.cursor, server.line.length)

  const one = editing('whole')
  one.press('return', { meta: true })
  t.equal(one.server.line, 'whole\n', 'Alt-Enter always goes on')
  t.strictSame(one.done, [])
})

t.test('moving in it', async (t) => {
  const { server, press } = editing('one\nthree\nsix', 7)
  const go = (name: string, more = {}) => {
    press(name, more)
    return server.cursor
  }
  t.equal(go('home'), 4)
  t.equal(go('end'), 9)
  t.equal(go('a', { ctrl: true }), 4)
  t.equal(go('e', { ctrl: true }), 9)
  t.equal(go('up'), 3, 'up into a shorter line: to its end')
  t.equal(go('down'), 7)
  t.equal(go('down'), 13)
  t.equal(go('up'), 7)
  t.equal(go('up'), 3)
})

t.test('a paste', async (t) => {
  const { server, done, press, type } = editing()
  press('paste-start')
  type('a {')
  press('return', { sequence: '\r' })
  press('tab', { sequence: '\t' })
  type('}')
  press('return', { sequence: '\r' })
  t.equal(server.line, '', 'nothing happens before its end')
  press('paste-end')
  t.equal(server.line, 'a {\n  }', 'no key in it acts, and its last line end is not Enter')
  t.strictSame(done, [])
})

t.test('colours while typing', async (t) => {
  const { server, painted } = editing('const a')
  colourWhileTyping(server as unknown as REPLServer)
  server._writeToOutput('> const a')
  t.not(painted[0], '> const a')
  t.equal(stripVTControlCharacters(painted[0] ?? ''), '> const a')
  server._writeToOutput('something else')
  t.equal(painted[1], 'something else')
})

t.test('of what was asked, the newest is answered first, and the one before stays', async (t) => {
  const questions = new Questions()
  const [one, two] = [async () => nothing, async () => nothing]
  questions.ask('Really?', one)
  questions.ask('And?', two)
  questions.ask('And?', two)
  t.equal(questions.newest, 'And?')
  t.equal(questions.take(), two)
  t.equal(questions.newest, 'Really?')
  questions.withdraw(two)
  questions.withdraw(one)
  t.equal(questions.take(), undefined)
})

t.test('lines from a pipe', async (t) => {
  const session = { prompt: '> ', questions: new Questions(), isOver: false }
  const taken: string[] = []
  const shell = {
    session,
    isIncomplete: (text: string) => text.endsWith('{'),
    take: async (text: string) => {
      taken.push(text)
      session.isOver = text === 'bye'
      return text === 'bad' ? { kind: 'problem', says: 'No.' } : { kind: 'text', text: 'Yes.' }
    },
  } as unknown as Shell
  const follow = async (...lines: string[]) => {
    let written = ''
    const look = { width: 80, colour: false, unicode: true }
    const status = await followPipe(lines as unknown as AsyncIterable<string>, shell, look, (text) => {
      written += text
    })
    return [status, written]
  }
  t.strictSame(await follow('a {', '}'), [0, '> a {\n| }\nYes.\n'])
  t.strictSame(taken.splice(0), ['a {\n}'])
  t.strictSame(
    await follow('bad', 'good', 'last {'),
    [1, '> bad\nNo.\n> good\nYes.\n> last {\nYes.\n'],
    'it fails, and goes on',
  )
  t.strictSame(await follow('bye', 'never'), [0, '> bye\nYes.\n'])
  session.isOver = false
  session.questions.ask('Really?', async () => nothing)
  t.strictSame(await follow('what'), [0, '> what\nYes.\nReally?\n'])
  t.strictSame(await follow('bye'), [0, '> bye\nYes.\n'], 'who leaves is not asked once more')
})
