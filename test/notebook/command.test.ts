/** `npm run notebook`: what it builds, what it serves and to whom, and what it says. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { builtNotebook, keep } from '../../src/cli/build-notebook'
import { serveFolder } from '../../src/cli/serve-folder'
import { cleanEnvironment } from '../clean-environment'

const main = join(__dirname, '..', '..', 'src', 'cli', 'main.cjs')
const command = (...args: string[]): Promise<{ status: number; out: string; problem: string }> =>
  new Promise((resolve) => {
    const child = execFile('node', [main, 'notebook', ...args], { env: cleanEnvironment() }, (_, out, problem) =>
      resolve({ status: child.exitCode as number, out, problem }),
    )
  })

interface Answer {
  readonly status: number | undefined
  readonly type: string | undefined
  readonly text: string
}

/** Asks for exactly this path: `fetch` would tidy it up. */
const ask = (address: string, path: string, method = 'GET', host?: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address)
    const headers = host === undefined ? {} : { host }
    request({ hostname, port, path, method, headers }, async (response) => {
      let text = ''
      for await (const part of response.setEncoding('utf8')) text += part
      resolve({ status: response.statusCode, type: response.headers['content-type'], text })
    })
      .on('error', reject)
      .end()
  })

t.test('a folder is served to this machine, and nothing beside it', async (t) => {
  const folder = t.testdir({
    secret: 'a secret',
    page: { 'index.html': '<p>Hello', 'a b.js': '1', assets: { 'x.wasm': '', 'y.css': '', z: '' } },
  })
  const { address, close } = await serveFolder(join(folder, 'page'))
  t.teardown(close)
  t.match(address, /^http:\/\/127\.0\.0\.1:\d+\/$/)
  t.match(await ask(address, '/'), { status: 200, type: 'text/html; charset=utf-8', text: '<p>Hello' })
  t.match(await ask(address, '/?lesson=1'), { status: 200, text: '<p>Hello' })
  t.match(await ask(address, '/', 'HEAD'), { status: 200, text: '' })
  t.match(await ask(address, '/assets/x.wasm'), { status: 200, type: 'application/wasm' })
  t.match(await ask(address, '/assets/y.css'), { status: 200, type: 'text/css; charset=utf-8' })
  t.match(await ask(address, '/assets/z'), { status: 200, type: 'application/octet-stream' })
  for (const path of [
    '/none',
    '/assets',
    '/assets/',
    '/../secret',
    '/%2e%2e/secret',
    '/..%2fsecret',
    '/%',
    '/\\..\\secret',
  ])
    t.match(await ask(address, path), { status: 404, text: 'There is no such file.\n' }, path)
  t.match(await ask(address, '/', 'POST'), { status: 405 })
  for (const host of ['school.test', `school.test:${new URL(address).port}`])
    t.match(await ask(address, '/', 'GET', host), { status: 403, text: `The notebook is at ${address}\n` }, host)
})

t.test('if the port that is asked for is taken, another one is used', async (t) => {
  const folder = t.testdir({ 'index.html': 'Hello' })
  const first = await serveFolder(folder)
  t.teardown(first.close)
  const second = await serveFolder(folder, Number(new URL(first.address).port))
  t.teardown(second.close)
  t.not(second.address, first.address)
  t.match(await ask(second.address, '/'), { text: 'Hello' })
})

t.test('it is built once', async (t) => {
  const [folder, again] = await Promise.all([builtNotebook(), builtNotebook()])
  t.equal(again, folder, 'whoever asks meanwhile waits for the same')
  const page = join(folder, 'index.html')
  t.match(readFileSync(page, 'utf8'), /<title>Dog School/)
  writeFileSync(join(folder, 'mark'), '')
  t.teardown(() => rmSync(join(folder, 'mark')))
  t.equal(await builtNotebook(), folder)
  t.ok(existsSync(join(folder, 'mark')), 'and not again')
  t.notMatch(readFileSync(page, 'utf8'), /(src|href)="(\/|\w+:)/, 'every address in it is relative')
})

t.test('the former two stay where they are', async (t) => {
  const all = t.testdir({ notebook: {} })
  for (const [at, name] of ['third', 'second', 'fourth', 'first'].entries()) {
    const unfinished = join(all, name)
    mkdirSync(unfinished)
    utimesSync(unfinished, at, at)
    keep(unfinished, join(all, 'notebook', name))
  }
  t.strictSame(readdirSync(join(all, 'notebook')).sort(), ['first', 'fourth', 'second'])
})

t.test('it serves the page until Ctrl-C', async (t) => {
  const child = spawn('node', [main, 'notebook'], { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const ended = new Promise((resolve) => child.once('exit', (status, signal) => resolve(status ?? signal)))
  const said = await firstLine(child)
  const [, address = ''] = /^The notebook is at (http:\S+) \(Ctrl-C ends it\)$/.exec(said) ?? []
  t.match(await ask(address, '/'), { status: 200, text: /<title>Dog School/ }, said)
  child.kill('SIGINT')
  t.equal(await ended, 0)
})

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    let said = ''
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      said += text
      if (said.includes('\n')) resolve(said.split('\n')[0] as string)
    })
  })

t.test('--build writes a folder for any host, and over one that it wrote before', async (t) => {
  const folder = join(t.testdir(), 'site')
  const first = await command('--build', folder)
  t.match(first, { status: 0, problem: '', out: /Any host of static files can serve it/ })
  const files = readdirSync(folder, { recursive: true }).sort()
  t.strictSame(files, readdirSync(await builtNotebook(), { recursive: true }).sort())
  writeFileSync(join(folder, 'CNAME'), 'school.test')
  writeFileSync(join(folder, 'assets', 'old.js'), '')
  t.match(await command('--build', folder), { status: 0 })
  t.strictSame(readdirSync(folder, { recursive: true }).sort(), [...files, 'CNAME'].sort())
})

t.test('it writes over nothing else', async (t) => {
  const folder = t.testdir({ 'index.html': 'mine', file: 'mine' })
  for (const place of [folder, join(folder, 'file')]) {
    const { status, problem } = await command('--build', place)
    t.equal(status, 1)
    t.match(
      problem.replace(/\s+/g, ' '),
      /is no empty folder, nor a notebook that was written before\. Name another one\./,
    )
  }
  t.equal(readFileSync(join(folder, 'index.html'), 'utf8'), 'mine')
  mkdirSync(join(folder, 'empty'))
  t.match(await command('--build', join(folder, 'empty')), { status: 0 })
})

t.test('--ipynb writes the lessons as notebooks of Jupyter, and over nothing that somebody has changed', async (t) => {
  const folder = join(t.testdir(), 'new', 'lessons')
  const first = await command('--ipynb', folder)
  t.match(first, { status: 0, problem: '' })
  t.match(first.out.replace(/\s+/g, ' '), /as 7 notebooks\. Jupyter opens them, GitHub shows them\. $/)
  const written = readdirSync(folder)
  t.strictSame([written.length, written[2]], [7, '3-implementing-event-sourcing.ipynb'])
  t.match(await command('--ipynb', folder), { status: 0 }, 'again, it writes the same')
  writeFileSync(join(folder, written[2]!), '{}')
  const { status, problem } = await command('--ipynb', folder)
  t.equal(status, 1)
  t.match(
    problem.replace(/\s+/g, ' '),
    /3-implementing-event-sourcing\.ipynb: there already, with something else in it\. Move it/,
  )
  t.equal(readFileSync(join(folder, written[2]!), 'utf8'), '{}')
  t.match(await command('--ipynb', join(folder, written[0]!)), { status: 1, problem: /is a file\./ })
  const outside = mkdtempSync(join(tmpdir(), 'dog-school-ipynb-'))
  t.teardown(() => rmSync(outside, { recursive: true }))
  t.match((await command('--ipynb', outside)).out.replace(/\s+/g, ' '), /To run, they must be below/)
})

t.test('what it cannot understand, it says', async (t) => {
  const usage = 'Usage: npm run notebook -- [--build DIR | --ipynb DIR]\n'
  t.match(await command('--help'), { status: 2, problem: usage })
  t.match(await command('--port'), { status: 2, problem: `Unknown option '--port'. ${usage}` })
  t.match(await command('x'), { status: 2, problem: usage })
  t.match(await command('--build', ''), { status: 2, problem: `--build needs a folder. ${usage}` })
  t.match(await command('--ipynb', ''), { status: 2, problem: `--ipynb needs a folder. ${usage}` })
  t.match(await command('--ipynb', 'a', '--build', 'b'), { status: 2, problem: /give one of them/ })
})
