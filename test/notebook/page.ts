/** The notebook in a Chromium: its lessons are read and run as a reader would. */
import type { Test } from 'tap'
import { builtNotebook } from '../../src/cli/build-notebook'
import { serveFolder } from '../../src/cli/serve-folder'
import { started } from '../browser/chromium'
import { type Outcome, plain } from './terminal'

// biome-ignore lint/suspicious/noExplicitAny: the types of playwright are not installed
export type Page = any

export interface Notebook {
  readonly address: string
  readonly page: Page
  readonly context: Page
  /** What must not be: messages of problems on the console, errors that nobody caught, requests to other hosts. */
  readonly faults: string[]
}

/** Builds and serves the notebook, and opens it, in a browser that keeps what it keeps in this folder. */
export async function openedNotebook(t: Test, profile?: string): Promise<Notebook> {
  const { address, close } = await serveFolder(await builtNotebook())
  t.teardown(close)
  const context = await started(t, profile)
  const page: Page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error: Error) => faults.push(String(error)))
  page.on('console', (message: Page) => {
    if (['error', 'warning'].includes(message.type())) faults.push(message.text())
  })
  context.on('request', (request: Page) => {
    const url: string = request.url()
    if (!url.startsWith(address) && !/^(data|blob):/.test(url)) faults.push(`a request to ${url}`)
  })
  await page.goto(address)
  return { address, page, context, faults }
}

/** Goes to a lesson, and waits until it can be read. */
export async function goToLesson(page: Page, number: number): Promise<void> {
  await page.evaluate((hash: string) => Object.assign(Reflect.get(globalThis, 'location'), { hash }), `#${number}`)
  await lessonIsOpen(page, number)
}

/** Goes to a lesson in which nothing has been done: what the browser keeps is deleted. No other page may be open at it. */
export async function beginLesson(page: Page, number: number): Promise<void> {
  await forget(page)
  await goToLesson(page, number)
}

/** Leaves the lesson, for none, and deletes what the browser keeps of all of them. */
export async function forget(page: Page): Promise<void> {
  await page.evaluate((hash: string) => Object.assign(Reflect.get(globalThis, 'location'), { hash }), '#0')
  await page.getByText('There is no lesson 0').waitFor()
  await page.evaluate(
    "new Promise((done) => { indexedDB.deleteDatabase('dog-school-notebook').onsuccess = () => done() })",
  )
}

export const lessonIsOpen = (page: Page, number: number): Promise<void> =>
  page.getByRole('heading', { level: 1, name: `Lesson ${number} of` }).waitFor()

/**
 * Runs every cell, and answers every question with this; '' asks to be shown. The buttons are not clicked with a mouse,
 * which would wait for every button to stand still: it takes twice as long.
 *
 * @param from the first cell that runs, from 0
 */
export async function runCells(page: Page, guess = '', from = 0): Promise<void> {
  const cells = page.locator('.cell')
  // After a question, there are more when it is answered.
  for (let at = from; at < (await cells.count()); at++) {
    const cell = cells.nth(at)
    await cell.getByRole('button', { name: 'Run' }).dispatchEvent('click')
    await cell.and(page.locator('[aria-busy=false]')).waitFor()
    const question = cell.locator('.question')
    if ((await question.count()) === 0) continue
    if (guess) await question.getByRole('textbox').fill(guess)
    await question.getByRole('button', { name: guess ? 'Answer' : 'Show me' }).dispatchEvent('click')
    await question.waitFor({ state: 'detached' })
    await cell.and(page.locator('[aria-busy=false]')).waitFor()
  }
}

/** What all the cells have shown, and the log beside them. */
export async function shownBy(page: Page): Promise<Outcome> {
  const values: string[] = await page.locator('.value code').allTextContents()
  const log = await page
    .locator('.entry')
    .evaluateAll((entries: Page[]) =>
      entries.map((entry) =>
        [entry.value, ...['.name', '.who', '.payload'].map((part) => entry.querySelector(part).textContent)].join(' '),
      ),
    )
  return { values: values.map(plain), log: log.map(plain) }
}

/** By the number in its name. */
export const cell = (page: Page, number: number): Page => page.getByRole('region', { name: `cell ${number}` })
export const button = (page: Page, number: number, name: string): Page =>
  cell(page, number).getByRole('button', { name, exact: false })
/** Without a mouse, which would wait for every button to stand still. */
export const press = (page: Page, number: number, name: string): Promise<void> =>
  button(page, number, name).dispatchEvent('click')
/** Waits until a cell has run. */
export const ran = (page: Page, number: number): Promise<void> =>
  cell(page, number).and(page.locator('[aria-busy=false]')).waitFor()

/** The workers that run cells: they begin as blobs. */
export const sessions = (page: Page): Page[] =>
  page.workers().filter((worker: Page) => worker.url().startsWith('blob:'))

interface Field {
  dispatchEvent(event: unknown): void
}
/** Runs on the page. What a keyboard types comes in pieces, and some of it closes brackets. */
function paste(editor: Field, code: string): void {
  const { DataTransfer, ClipboardEvent } = globalThis as unknown as Record<string, new (...args: unknown[]) => Page>
  const clipboardData = new (DataTransfer as NonNullable<typeof DataTransfer>)()
  clipboardData.setData('text/plain', code)
  editor.dispatchEvent(
    new (ClipboardEvent as NonNullable<typeof ClipboardEvent>)('paste', {
      clipboardData,
      bubbles: true,
      cancelable: true,
    }),
  )
}

/** Pastes code into a cell, over what was there. */
export async function type(page: Page, number: number, code: string): Promise<void> {
  if ((await button(page, number, 'Edit').count()) > 0) await press(page, number, 'Edit')
  await cell(page, number).locator('.cm-editor').waitFor()
  await cell(page, number).locator('.editor-field').waitFor({ state: 'detached' })
  const editor = cell(page, number).getByRole('textbox', { name: `Code of cell ${number}` })
  await editor.focus()
  await page.keyboard.press('ControlOrMeta+a')
  await editor.evaluate(paste, code)
}

export async function run(page: Page, number: number): Promise<void> {
  await press(page, number, 'Run')
  await ran(page, number)
}
