/**
 * How long a reader of the notebook waits, in a Chromium, from the event on the page to what can be seen of it; and how much is
 * sent for it. Without a Chromium, only the latter.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtNotebook } from '../../src/cli/build-notebook'
import { filesBelow } from '../../src/cli/files-below'
import { serveFolder } from '../../src/cli/serve-folder'
import { emptyFolder, executable, quiet, started } from '../browser/chromium'
import { loadedAtFirst, sizeOf, sqliteIn } from '../notebook/files'
import { beginLesson, forget, lessonIsOpen, type Page, type as paste, runCells } from '../notebook/page'
import { type Figure, median } from './measure'
import { watch } from './notebook-watch'

const turns = 7
const lessons = 7
const many = 10_000

const kilobytes = (what: string, bytes: number): Figure => ({ what, ours: bytes / 1000, unit: 'kB' })
const ms = (what: string, ours: readonly number[], floor?: string, least: readonly number[] = []): Figure => ({
  what,
  ours: median(ours),
  unit: 'ms',
  floor: floor === undefined ? undefined : { what: floor, figure: median(least) },
})

export async function* notebook(): AsyncGenerator<Figure> {
  const folder = await builtNotebook()
  const first = loadedAtFirst(folder)
  const sum = first.reduce((total, name) => total + sizeOf(folder, name), 0)
  yield kilobytes('before the first cell of lesson 1, gzipped', sum)
  yield kilobytes('before the first cell that may record something, gzipped', sum + sizeOf(folder, sqliteIn(folder)))
  for (const name of filesBelow(folder).filter((each) => !first.includes(each))) {
    const size = sizeOf(folder, name)
    if (size > 10_000)
      yield kilobytes(`behind it: ${name.replace(/^assets\/|-[\w-]{8}\.(js|wasm)$/g, '')}, gzipped`, size)
  }
  if (!executable) {
    console.error('notebook: there is no chromium on this machine, so nothing is measured in it')
    return
  }
  const ends: (() => unknown)[] = []
  const t = { teardown: (end: () => unknown) => void ends.unshift(end) } as Parameters<typeof started>[0]
  try {
    const { address, close } = await serveFolder(folder)
    t.teardown(close)
    const context = await started(t, emptyFolder(t), quiet)
    await context.addInitScript(watch)
    yield* opening(t, context, address)
    const page: Page = await context.newPage()
    await page.goto(address)
    yield* running(page)
    yield* stopping(page)
    yield* atLength(page)
    yield* typing(page)
    await forget(page)
    yield* checking(context, address)
  } finally {
    for (const end of ends) await end()
  }
}

async function* opening(t: Parameters<typeof started>[0], context: Page, address: string): AsyncGenerator<Figure> {
  const [cells, texts]: [number[], number[]] = [[], []]
  const folder = emptyFolder(t)
  for (let turn = 0; turn <= turns; turn++) {
    const page = await context.newPage()
    await page.goto(`${address}?${turn}#2`)
    const cell = await page.evaluate('ran(1)')
    const html = await page.content()
    await forget(page)
    await page.close()
    const bare = await context.newPage()
    writeFileSync(join(folder, 'index.html'), textOf(html))
    const { address: there, close } = await serveFolder(folder)
    await bare.goto(there)
    const text = await bare.evaluate("when(() => document.querySelector('footer'))")
    await bare.close()
    await close()
    // The first turn finds nothing in the caches.
    if (turn === 0) continue
    cells.push(cell)
    texts.push(text)
  }
  yield ms('opened, and the first cell has run', cells, 'a page with the text alone', texts)
}

const textOf = (html: string): string => html.replace(/<(script|link|meta|iframe)\b[^>]*>/g, '')

async function* running(page: Page): AsyncGenerator<Figure> {
  const [next, again, least]: [number[], number[], number[]] = [[], [], []]
  await page.evaluate(`{
    const url = URL.createObjectURL(new Blob(['onmessage = () => postMessage(0)'], { type: 'text/javascript' }))
    var echo = new Worker(url)
    var echoed = () => new Promise((resolve) => {
      const start = performance.now()
      echo.onmessage = () => resolve(performance.now() - start)
      echo.postMessage(0)
    })
    undefined
  }`)
  for (let turn = 0; turn <= turns; turn++) {
    await beginLesson(page, 5)
    await page.evaluate('ran(1)')
    least.push(await page.evaluate('echoed()'))
    next.push(await page.evaluate('timed(() => ran(2))'))
    again.push(await page.evaluate('timed(() => ran(2))'))
  }
  const floor = 'a worker that only answers'
  yield ms('a cell', next.slice(1), floor, least.slice(1))
  yield ms('a cell that runs again, on another timeline', again.slice(1), floor, least.slice(1))
}

/** From the key; the loop has just begun, or has gone on until another worker is ready. */
async function* stopping(page: Page): AsyncGenerator<Figure> {
  for (const [what, wait] of [
    ['stopped at once', 0],
    ['stopped after a second', 1000],
  ] as const) {
    const [said, ran]: [number[], number[]] = [[], []]
    for (let turn = 0; turn < turns; turn++) {
      await paste(page, 2, 'for(;;){}')
      await page.evaluate('runs(2).click(); when(() => isBusy(2))')
      await page.waitForTimeout(wait)
      await page.evaluate(`{
        var pressed
        addEventListener('keydown', ({ timeStamp }) => { pressed = timeStamp }, { once: true, capture: true })
        var said = when(() => /Stopped/.test(cellOf(2).querySelector('.notes').textContent))
        var next = said.then(() => ran(1))
        undefined
      }`)
      await page.keyboard.press('Escape')
      said.push(await page.evaluate('said.then((at) => at - pressed)'))
      ran.push(await page.evaluate('next.then((at) => at - pressed)'))
    }
    yield ms(`for(;;){} ${what}: the page says so`, said)
    yield ms(`for(;;){} ${what}, and another cell has run`, ran)
  }
}

/** With types, which are asked for meanwhile. */
async function* typing(page: Page): AsyncGenerator<Figure> {
  const code =
    'const fido = new Dog("Fido")\nfido.addTrick("roll over")\nconst tricks: string[] = fido.tricks.map(String)\n'
  const typed = async (field: Page) => {
    await field.focus()
    await page.keyboard.press('ControlOrMeta+End')
    await page.evaluate('var over; var held = standstill(new Promise((done) => { over = done })); undefined')
    await page.keyboard.type(code.slice(0, 100), { delay: 10 })
    return page.evaluate('over(), held')
  }
  const turn = page.getByRole('region', { name: 'Your turn' })
  const [ours, least]: [number[], number[]] = [[], []]
  await beginLesson(page, 2)
  await runCells(page)
  await turn.locator('.cm-content:visible').waitFor()
  await page.evaluate(
    "document.querySelector('main').append(Object.assign(document.createElement('textarea'), { id: 'bare' }))",
  )
  for (let times = 0; times <= 3; times++) {
    least.push(await typed(page.locator('#bare')))
    ours.push(await typed(turn.locator('.cm-content:visible')))
  }
  yield ms('100 characters typed with types: the longest standstill', ours.slice(1), 'in a field', least.slice(1))
}

async function* checking(context: Page, address: string): AsyncGenerator<Figure> {
  const check = `timed(async () => {
    const before = document.querySelector('.turn .verdict')
    document.querySelector('.turn > .bar .run').click()
    await when(() => document.querySelector('.turn .status').textContent.includes('…') || document.querySelector('.turn .verdict') !== before)
    return when(() => document.querySelector('.turn .verdict') && document.querySelector('.turn > .bar .run').textContent.includes('Check'))
  })`
  const [cold, warm]: [number[], number[]] = [[], []]
  for (let lesson = 1; lesson <= lessons; lesson++) {
    const page = await context.newPage()
    await page.goto(`${address}?check#${lesson}`)
    // What comes behind a question is shown when it has been answered.
    await lessonIsOpen(page, lesson)
    await runCells(page)
    cold.push(await page.evaluate(check))
    for (let turn = 0; turn < 3; turn++) warm.push(await page.evaluate(check))
    yield ms(`the first check, of lesson ${lesson}`, cold.slice(-1), 'a later one', warm.slice(-3))
    await page.close()
  }
}

/** Where the log is long. */
async function* atLength(page: Page): AsyncGenerator<Figure> {
  await beginLesson(page, 5)
  await page.evaluate('ran(1)')
  await paste(
    page,
    2,
    `const dog = await school.repository.get(Dog, id); for (let n = 2; n < ${many}; n++) dog.addTrick('trick ' + n); await school.save(dog)`,
  )
  yield ms(`a cell that saves ${many} events at once`, [await page.evaluate('timed(() => ran(2))')])
  const more: number[] = []
  for (const number of [3, 4]) {
    await paste(page, number, "await school.addTrick(id, 'one more')")
    more.push(await page.evaluate(`timed(() => ran(${number}))`))
  }
  yield ms(`a cell that appends one to ${many} events`, more)
  const steps: number[] = []
  for (let turn = 0; turn < turns; turn++)
    steps.push(
      await page.evaluate(`timed(() => new Promise((done) => {
        document.querySelector('.slider .step').click()
        requestAnimationFrame(() => setTimeout(() => done(performance.now())))
      }))`),
    )
  yield ms(`a step of the slider in ${many} events, until it is drawn`, steps)
}
