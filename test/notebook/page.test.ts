/**
 * The notebook in a Chromium, on one page: what a reader does there, what is seen of the past, how cells are stopped, and whom
 * the learner's code reaches.
 */
import { cpSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { builtNotebook } from '../../src/cli/build-notebook'
import { filesBelow } from '../../src/cli/files-below'
import { serveFolder } from '../../src/cli/serve-folder'
import { unlessChromium } from '../browser/chromium'
import { loadedAtFirst, sizeOf } from './files'
import { links } from './links'
import { beginLesson, goToLesson, lessonIsOpen, openedNotebook, runCells, sessions, shownBy } from './page'
import { picture } from './picture'
import { loading, reading } from './reading'
import { sights } from './sights'
import { stopping } from './stopping'
import { inTerminal } from './terminal'

t.setTimeout(1_200_000)
process.env.DOG_SCHOOL_HOME = t.testdir()

t.test('what the first cell of lesson 1 waits for is under 280 kB', async (t) => {
  const folder = await builtNotebook()
  const parts = loadedAtFirst(folder)
  const sizes = parts.map((name) => sizeOf(folder, name))
  const size = sizes.reduce((sum, each) => sum + each)
  for (const [at, name] of parts.entries()) t.comment(`${name}: ${sizes[at]} bytes, gzipped`)
  t.ok(size < 280_000, `${size} bytes, gzipped`)
  t.ok(parts.length > 5, 'it found them')
})

t.test('in Chromium', unlessChromium, async (t) => {
  const notebook = await openedNotebook(t)
  const { page, context, address, faults } = notebook

  // Each begins a lesson in which nothing has been done, on the page that is open.
  await t.test('for a reader', (t) => reading(t, notebook))
  await t.test('where what is loaded is late, or missing', (t) => loading(t, notebook))
  await t.test('the README shows a picture of the notebook, as it is', (t) => picture(t, notebook))
  await t.test('what is seen of the past', (t) => sights(t, notebook))
  await t.test('cells are stopped, run again and edited', (t) => stopping(t, notebook))
  await t.test('a notebook with its history fits in a link', (t) => links(t, notebook))

  // All lessons: transcript.test.ts. Here one is drawn.
  await t.test('lesson 7 shows and records what it does in the terminal', async (t) => {
    await beginLesson(page, 7)
    await runCells(page)
    t.strictSame(await shownBy(page), await inTerminal(7))
    t.strictSame(await page.locator('.problem').allTextContents(), [])
    t.strictSame(faults, [])
  })

  await t.test('a prediction is answered', async (t) => {
    await beginLesson(page, 1)
    await runCells(page, 'false')
    t.strictSame(await page.locator('.said').allTextContents(), ['You were right: false'])
    await beginLesson(page, 1)
    await runCells(page, 'x'.repeat(300))
    t.match(await page.locator('.said').textContent(), /x{300}/)
    const isWider = (cells: { scrollWidth: number; clientWidth: number }[]) =>
      cells.some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
    t.notOk(await page.locator('.cell').evaluateAll(isWider), 'a long guess stays in its cell')
  })

  await t.test('its bare address opens the lesson that was open last', async (t) => {
    await goToLesson(page, 3)
    await page.goto('about:blank')
    await page.goto(address)
    await lessonIsOpen(page, 3)
    await page.goto('about:blank')
    await page.goto(`${address}#2`)
    await lessonIsOpen(page, 2)
    t.strictSame(faults, [])
  })

  await t.test("the learner's code reaches nobody, and the page runs no text", async (t) => {
    const asked: string[] = []
    const other = createServer(({ url = '' }, answer) => {
      asked.push(url)
      answer.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' }).end()
    })
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    t.teardown(() => other.close())
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
    await beginLesson(page, 5)
    await runCells(page)
    // The one of a lesson that was left while it was being opened may not have ended yet.
    while (sessions(page).length > 1) await page.evaluate('0')
    const [worker] = sessions(page)
    t.ok(worker)
    const tries = async (at: string): Promise<Record<string, string>> => await worker.evaluate(`(${tryAll})('${at}')`)
    const refused = {
      fetch: 'no',
      XMLHttpRequest: 'no',
      WebSocket: 'no',
      EventSource: 'no',
      Worker: 'no',
      importScripts: 'no',
      blob: 'no',
    }
    t.strictSame(await tries(elsewhere), { ...refused, import: 'no' })
    t.strictSame(
      await tries(address),
      { ...refused, import: 'no' },
      'nor its own host: what the page keeps is out of its reach',
    )
    t.strictSame(asked, [])
    t.equal(await worker.evaluate('typeof document + typeof window'), 'undefinedundefined')
    t.equal(await worker.evaluate("new Function('return 6 * 7')()"), 42)
    const onPage =
      "new Promise((say) => setTimeout(() => { try { say(new Function('return 1')()) } catch (error) { say(error.name) } }))"
    t.equal(await page.evaluate(onPage), 'EvalError')
    faults.length = 0
  })

  await t.test('where nothing would confine the code, none runs', async (t) => {
    const folder = join(t.testdir(), 'notebook')
    cpSync(await builtNotebook(), folder, { recursive: true })
    rmSync(join(folder, filesBelow(folder).find((name) => /confined/.test(name)) as string))
    const { address, close } = await serveFolder(folder)
    t.teardown(close)
    const page = await context.newPage()
    await page.goto(address)
    t.match(await page.getByRole('alert').textContent(), 'confined.html could not be loaded')
    t.equal(page.workers().length, 0)
    await page.close()
  })
  await context.close()
})

/** Runs in the worker, and in the workers that it starts: which ways to this address get an answer. */
const tryAll = `async (address) => {
  const tried = {
    fetch: () => fetch(address, { mode: 'no-cors' }),
    XMLHttpRequest: () => new Promise((resolve, reject) => {
      const request = Object.assign(new XMLHttpRequest(), { onload: resolve, onerror: reject })
      request.open('GET', address)
      request.send()
    }),
    WebSocket: () => opened(new WebSocket(address.replace('http', 'ws'))),
    EventSource: () => opened(new EventSource(address)),
    Worker: () => opened(new Worker(address + 'offline.js')),
    importScripts: () => importScripts(address + 'offline.js'),
    import: () => import(address + 'offline.js'),
    blob: () => new Promise((resolve, reject) => {
      const code = 'fetch("' + address + '", { mode: "no-cors" }).then(() => postMessage("yes"), () => postMessage("no"))'
      const worker = new Worker(URL.createObjectURL(new Blob([code])))
      worker.onmessage = ({ data }) => data === 'yes' ? resolve() : reject()
    }),
  }
  const opened = (it) => new Promise((resolve, reject) => Object.assign(it, { onopen: resolve, onmessage: resolve, onerror: reject }))
  const answers = {}
  for (const [name, work] of Object.entries(tried))
    answers[name] = await new Promise((resolve) => resolve(work())).then(() => 'yes', () => 'no')
  return answers
}`
