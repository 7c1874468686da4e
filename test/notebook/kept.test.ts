/** What is done on the page is kept in the browser: after a reload, a kill, in two tabs, and where there is no room. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sqlite } from 'dog-school/sqlite'
import t, { type Test } from 'tap'
import { entriesOf } from '../../src/notebook/worker/entries'
import { kitSchool } from '../../src/repl/start/current-school'
import { startSession } from '../../src/repl/start/start'
import { emptyFolder, patience, started, still, unlessChromium } from '../browser/chromium'
import {
  beginLesson,
  button,
  cell,
  forget,
  goToLesson,
  lessonIsOpen,
  openedNotebook,
  type Page,
  press,
  run,
  runCells,
  shownBy,
  type,
} from './page'
import { inTerminal, plain } from './terminal'

process.env.DOG_SCHOOL_HOME = t.testdir()
t.setTimeout(1_200_000)
const isLong = process.env.DOG_SCHOOL_LONG === '1'

const notices = (page: Page): Promise<string[]> => page.locator('.notice').allTextContents()
/** The tricks in the log as it is kept: the page draws only those that are to be seen. */
const tricks = (page: Page): Promise<string[]> =>
  page.evaluate(`new Promise((found) => {
    indexedDB.open('dog-school-notebook').onsuccess = ({ target: { result } }) => {
      result.transaction('lessons').objectStore('lessons').getAll().onsuccess = ({ target }) => {
        const { timelines, current } = target.result[0].history
        const { runs } = timelines.find(({ name }) => name === current)
        const log = runs.flatMap(({ outcome }) => outcome.events).filter(({ name }) => name === 'TrickAdded')
        result.close()
        found(log.map(({ position, who, version, payload }) => [position, who, version, payload].join(' ')))
      }
    }
  })`)
/** Opens the page at a lesson in which something was done. */
async function opened(context: Page, address: string, lesson: number): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${address}#${lesson}`)
  await page.locator('.entry').first().waitFor()
  return page
}

/** The log of the page, a line for each event. */
const lines = async (page: Page): Promise<readonly string[]> => (await shownBy(page)).log
/** The same of a database, as the terminal has it. */
async function linesInTerminal(file: string): Promise<string[]> {
  const started = await startSession({ db: file, readOnly: true, types: false, school: kitSchool() })
  if ('refused' in started) throw new Error(started.refused)
  const { session } = started.shell
  const entries = await entriesOf(session, session.recorder, -1, 1)
  await session.close()
  return entries.map(({ position, name, who, version, payload }) =>
    plain(`${position} ${name} ${who} v${version} ${payload}`),
  )
}

/** The state and the view at the slider. */
async function seenBeside(page: Page): Promise<readonly string[]> {
  await page.locator('.state[aria-busy=false]').waitFor()
  await page.locator('.view .rows[aria-busy=true]').waitFor({ state: 'detached' })
  const seen: string[] = await page.locator('.state, .view').allTextContents()
  return seen.map((each) => plain(each.replace(/\s+/g, ' ')))
}

/** Saves the database of the page. */
async function saved(t: Test, page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Save & share' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Save the database/ }).click(),
  ])
  await page.keyboard.press('Escape')
  const file = join(emptyFolder(t), 'saved.db')
  await download.saveAs(file)
  return file
}

const dropped = (page: Page, file: string, bytes: Uint8Array): Promise<void> =>
  page.evaluate(
    `(([name, bytes]) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([new Uint8Array(bytes)], name))
      for (const type of ['dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    })(${JSON.stringify([file, [...bytes]])})`,
  )

/** Runs on the page: goes to a lesson, and writes into its first cell before the browser can say what it keeps. */
async function writtenAtOnce(lesson: number): Promise<void> {
  const { document, location, addEventListener, DataTransfer, ClipboardEvent } = globalThis as unknown as Page
  const drawn = async () => {
    for (let times = 0; times < 100; times++) await null
  }
  await new Promise((changed) => {
    addEventListener('hashchange', changed, { once: true })
    location.hash = `#${lesson}`
  })
  await drawn()
  document.querySelector('.cell .quiet').click()
  await drawn()
  const editor = document.querySelector('.cell .editor').shadowRoot.querySelector('.cm-content')
  editor.ownerDocument.getSelection().selectAllChildren(editor)
  const clipboardData = new DataTransfer()
  clipboardData.setData('text/plain', '// at once')
  editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
}

/** Runs on the page: what it keeps in its database comes to no end, until it is left. */
const keptBusy = `new Promise((busy) => {
  indexedDB.open('dog-school-notebook').onsuccess = ({ target: { result } }) => {
    const lessons = result.transaction('lessons', 'readwrite').objectStore('lessons')
    const again = () => {
      lessons.count().onsuccess = again
      busy()
    }
    lessons.count().onsuccess = again
  }
})`

/** The page counts what the code in its cells says that it has saved. */
const counting = `
  const Native = Worker
  globalThis.Worker = class extends Native {
    constructor(...given) {
      super(...given)
      this.addEventListener('message', ({ data }) => data?.saved && top.saved(data.saved))
    }
  }
`
/** A cell that saves for longer than anybody waits, and not so quickly that the page has a long log to draw. */
const saving = `for (let n = 1; n < 10_000; n++) {
  await school.addTrick(id, 'trick ' + n)
  postMessage({ saved: n })
  await new Promise((later) => setTimeout(later, 10))
}`

/** A cell that saves three events, says so, and comes to no end. */
const savingThree = `for (const trick of ['sit', 'beg', 'fetch']) await school.addTrick(id, trick)
setTimeout(() => { throw new Error('all are saved') })
await new Promise(() => {})`

t.test('in Chromium', unlessChromium, async (t) => {
  const profile = emptyFolder(t)
  const notebook = await openedNotebook(t, profile)
  const { address, faults } = notebook
  let { context } = notebook

  const restarted = () => started(t, profile)
  /** A page at lesson 5, where nothing has been done: the one that is open, or another one. */
  const fresh = async (): Promise<Page> => {
    const open: Page[] = context.pages().filter((each: Page) => each.url().startsWith(address))
    const page: Page = open[0] ?? (await context.newPage())
    for (const each of context.pages()) if (each !== page) await each.close()
    if (open.length === 0) await page.goto(`${address}#0`)
    await beginLesson(page, 5)
    return page
  }

  await t.test('loaded again in the middle of a lesson, it goes on as if nothing had been', async (t) => {
    const page = await fresh()
    await run(page, 1)
    await run(page, 2)
    await page.locator('.view button', { hasText: 'Stop' }).dispatchEvent('click')
    await page.locator('.view .lag', { hasText: 'stopped at 2' }).waitFor()
    const before = await shownBy(page)
    const beside = await seenBeside(page)
    t.match(beside, [/stopped at 2, up to date.*Fido1/, /^fido at version 2.*tricks\[ \+ 'roll over' \]/])
    await page.reload()
    await page.locator('.view').waitFor()
    t.strictSame(await shownBy(page), before)
    t.strictSame(await seenBeside(page), beside, 'with its state and its view, and no cell has run')
    await page.getByRole('button', { name: 'One event back' }).dispatchEvent('click')
    await page.locator('.state h2', { hasText: 'version 1' }).waitFor()
    t.match(await seenBeside(page), [/stopped at 1, up to date.*Fido0/, /^fido at version 1.*\+ tricks\[\]/])
    await runCells(page, '', 2)
    await page.locator('.view .lag', { hasText: 'stopped at 2, 1 event behind' }).waitFor()
    t.strictSame(await shownBy(page), await inTerminal(5))
    t.strictSame(await notices(page), [])
    await type(page, 4, '// typed')
    await page.close()

    const another = await opened(context, address, 5)
    t.strictSame((await shownBy(another)).log, (await inTerminal(5)).log, 'and closed')
    t.equal(await cell(another, 4).locator('.code').first().textContent(), '// typed', 'what was typed is there')
    t.strictSame(faults, [])
  })

  await t.test('what is written before it is known what is kept, is kept', async (t) => {
    const page = await fresh()
    await press(page, 1, 'Edit')
    await cell(page, 1).locator('.editor:visible').waitFor()
    await page.evaluate(writtenAtOnce, 6)
    await cell(page, 1).getByRole('button', { name: 'Lesson’s code' }).waitFor()
    await button(page, 2, 'Run').waitFor()
    await press(page, 1, 'Close')
    t.equal(await cell(page, 1).locator('.code').first().textContent(), '// at once')
    await page.reload()
    await page.getByText('// at once').waitFor()

    await type(page, 1, '// and one key')
    await page.evaluate(keptBusy)
    await page.keyboard.press('s')
    await page.reload()
    await page.getByText('// and one keys').waitFor()
    await type(page, 1, '// no more')
    while ((await page.evaluate("localStorage.getItem('dog-school/typed/6')")) !== null) {}
    await page.reload()
    await page.getByText('// no more').waitFor()
  })

  await t.test('killed in the middle of a cell, what was acknowledged is there', async (t) => {
    let hear = (_: number) => {}
    const counted = async () => {
      await context.addInitScript(counting)
      await context.exposeFunction('saved', (n: number) => hear(n))
    }
    await counted()
    await (await fresh()).reload()
    let there: string[] = []
    for (const how of [
      'tab',
      'close',
      'worker',
      'browser',
      ...(isLong ? Array(20).fill(['tab', 'browser']).flat() : []),
    ]) {
      const page = await fresh()
      await run(page, 1)
      await type(page, 2, saving)
      let last = 0
      const enough = Math.floor(Math.random() * 40)
      const reached = new Promise<void>((resolve) => {
        hear = (n) => {
          last = n
          if (n > enough) resolve()
        }
      })
      await press(page, 2, 'Run')
      await reached
      const gone = new Promise((resolve) =>
        (how === 'browser' ? context : page).on(how === 'tab' ? 'crash' : 'close', resolve),
      )
      const session = await context.newCDPSession(page)
      if (how === 'browser') session.send('Browser.crash').catch(() => {})
      else if (how === 'tab') session.send('Page.crash').catch(() => {})
      else if (how === 'close') void page.close()
      else await page.reload()
      if (how !== 'worker') await gone
      if (how === 'tab') await page.close()
      const known = last
      if (how === 'browser') {
        context = await restarted()
        await counted()
      }

      const again = how === 'worker' ? page : await opened(context, address, 5)
      await cell(again, 2).locator('.problem').getByText('was cut off').waitFor()
      there = await tricks(again)
      t.ok(there.length > known, `${how}: ${known} were acknowledged, ${there.length - 1} are there`)
      t.strictSame(
        there.slice(1),
        there.slice(1).map((_, at) => `${at + 3} fido ${at + 3} { trick: 'trick ${at + 1}' }`),
      )
    }
    const [page]: Page[] = context.pages().filter((each: Page) => each.url().startsWith(address))
    await page.getByRole('button', { name: 'Read them from there' }).click()
    await page
      .locator('.state')
      .getByText(`trick ${there.length - 1}`)
      .waitFor()
    t.match(await cell(page, 2).locator('.code').first().textContent(), 'postMessage({ saved: n })', 'its code stays')
    await page.getByRole('button', { name: 'Timeline 1, the first' }).click()
    await type(page, 2, 'school.notificationLog.max()')
    await run(page, 2)
    t.strictSame(await tricks(page), there.slice(0, 1), 'and it goes on from before the cell')
    t.match(await cell(page, 2).locator('.standing').textContent(), /with timeline 1\. That one stays/)
  })

  await t.test('the second tab reads, and takes over when the first is closed', async (t) => {
    const first = await fresh()
    await run(first, 1)
    const second = await opened(context, address, 5)
    t.match(await notices(second), [/open in another tab/])
    t.equal(await second.getByRole('button', { name: /^(▸ )?(Run|Edit)/ }).count(), 0)
    await run(first, 2)
    await cell(second, 2).locator('.value').waitFor()
    await first.close()
    await button(second, 2, 'Run again').waitFor()
    t.strictSame(await notices(second), [])
    await runCells(second, '', 2)
    t.strictSame(await shownBy(second), await inTerminal(5))
  })

  await t.test('the database that it saves has its log, and the terminal opens it', async (t) => {
    const page = await fresh()
    await runCells(page)
    const file = await saved(t, page)
    t.strictSame(await linesInTerminal(file), await lines(page))
    await page.reload()
    await page.locator('.entry').first().waitFor()
    t.strictSame(await linesInTerminal(await saved(t, page)), await lines(page), 'after a reload, too')
  })

  await t.test('what a stopped cell had saved is in the database of its timeline, and in no other', async (t) => {
    const page = await fresh()
    const timeline = async (name: string) => {
      await page.getByRole('button', { name: `Timeline ${name}` }).click()
      await page.getByRole('button', { name: `Timeline ${name}`, pressed: true }).waitFor()
    }
    await run(page, 1)
    await type(page, 2, savingThree)
    await press(page, 2, 'Run')
    await cell(page, 2).locator('.notes').getByText('all are saved').waitFor()
    await press(page, 2, 'Stop')
    await cell(page, 2)
      .locator('.notes')
      .getByText('3 events that it had saved before it was stopped are on timeline 2.')
      .waitFor()
    t.equal((await lines(page)).length, 2)
    t.strictSame(await linesInTerminal(await saved(t, page)), await lines(page), 'where it goes on without it')
    await timeline('2')
    t.match(await lines(page), [/Registered/, /roll over/, /sit/, /beg/, /fetch/])
    t.strictSame(await linesInTerminal(await saved(t, page)), await lines(page))
    await timeline('1')
    await press(page, 2, 'Lesson’s code')
    await runCells(page, '', 1)
    t.strictSame(await linesInTerminal(await saved(t, page)), await lines(page), 'after the next cells, too')
  })

  await t.test('who leaves a lesson at once after a Stop finds there what the stopped cell had saved', async (t) => {
    const page = await fresh()
    await run(page, 1)
    await type(page, 2, savingThree)
    await press(page, 2, 'Run')
    await cell(page, 2).locator('.notes').getByText('all are saved').waitFor()
    await page.evaluate(`document.querySelector('.stop').click(); location.hash = '#6'`)
    await lessonIsOpen(page, 6)
    // Nothing that was under way is so now.
    await run(page, 1)
    t.equal(await page.locator('.timelines').count(), 0, 'it is of no other lesson')
    await goToLesson(page, 5)
    await cell(page, 2)
      .locator('.notes')
      .getByText('3 events that it had saved before it was stopped are on timeline 2.')
      .waitFor()
    t.strictSame(await linesInTerminal(await saved(t, page)), await lines(page), 'the other one is played again for it')
    t.equal((await lines(page)).length, 2)
    await page.getByRole('button', { name: 'Timeline 2' }).click()
    await page.getByRole('button', { name: 'Timeline 2', pressed: true }).waitFor()
    t.match(await lines(page), [/Registered/, /roll over/, /sit/, /beg/, /fetch/])
    t.strictSame(await linesInTerminal(await saved(t, page)), await lines(page))
    t.strictSame(await notices(page), [])
  })

  await t.test('databases are brought in, of the terminal and of Python, and others are refused', async (t) => {
    const page = await fresh()
    await run(page, 1)
    const before = await lines(page)
    const python = join(__dirname, '..', 'fixtures', 'python-dog-school.db')
    await dropped(page, 'python.db', readFileSync(python))
    await page.getByText('python.db is here').waitFor()
    t.strictSame(await lines(page), await linesInTerminal(python))
    await run(page, 2).catch(() => undefined)
    await page.reload()
    await page.locator('.entry').first().waitFor()
    t.strictSame((await lines(page)).slice(0, 9), await linesInTerminal(python), 'kept, too')

    const newer = sqlite(':memory:')
    await newer.query('UPDATE dog_school_schema SET version = 99', { write: true })
    const foreign = sqlite(':memory:')
    await foreign.query('DROP TABLE stored_events', { write: true }).catch(() => undefined)
    for (const [name, bytes, says] of [
      ['photo.jpg', Buffer.from('JFIF '.repeat(999)), /photo.jpg was not brought in: .*database/],
      ['empty.db', Buffer.alloc(0), /empty.db was not brought in/],
      ['newer.db', await newer.bytes(), /newer.db was not brought in: .*newer version/],
    ] as const) {
      await dropped(page, name, bytes)
      const said = page.locator('.notice').getByText(`${name} was not brought in`)
      await said.waitFor()
      t.match(await said.textContent(), says)
    }
    t.strictSame((await lines(page)).slice(0, 9), await linesInTerminal(python), 'and nothing is lost')
    await page.getByRole('button', { name: 'Timeline 1' }).click()
    await page.getByRole('button', { name: 'Timeline 1', pressed: true }).waitFor()
    t.strictSame(await lines(page), before, 'nor of what was there before')
  })

  await t.test(
    'one begins again, deletes what was, and brings a file in; what a cell has made is saved, too',
    async (t) => {
      const page = await fresh()
      const choose = async (name: RegExp, says: string) => {
        await page.getByRole('button', { name: 'Save & share' }).click()
        await page.getByRole('button', { name }).click()
        if (says) await page.locator('.keep-said').getByText(says).waitFor()
      }
      await run(page, 1)
      const before = await lines(page)
      await choose(/^Begin again/, 'This is timeline 2. Timeline 1 stays as it was.')
      t.strictSame(await lines(page), [])
      await page.keyboard.press('Escape')
      await run(page, 1)
      await page.getByRole('button', { name: 'Timeline 1' }).click()
      await page.getByRole('button', { name: 'Timeline 1', pressed: true }).waitFor()
      t.strictSame(await lines(page), before)
      await choose(/^Delete the other timelines/, '')
      await page.getByRole('button', { name: /^Really delete them/ }).click()
      await page.locator('.keep-said').getByText('Timeline 1 is the only one now.').waitFor()
      await page.getByRole('button', { name: /^Begin again/ }).click()
      await page.getByRole('button', { name: /^Delete the other timelines/ }).waitFor()
      t.equal(await page.getByRole('button', { name: /^Really delete them/ }).count(), 0, 'it asks each time')
      await page.getByRole('button', { name: 'Timeline 1' }).waitFor()
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: /^Bring a database in/ }).click()
      await (await chooser).setFiles(join(__dirname, '..', 'fixtures', 'python-dog-school.db'))
      await page.locator('.keep-said').getByText('python-dog-school.db is here: 9 events').waitFor()
      await page.keyboard.press('Escape')

      await goToLesson(page, 7)
      await runCells(page)
      t.strictSame(await linesInTerminal(await saved(t, page)), await lines(page))
      await page.getByRole('button', { name: 'The log of morning' }).press('Enter')
      await page.locator('.who', { hasText: 'fido v1' }).waitFor()
      t.strictSame(await linesInTerminal(await saved(t, page)), await lines(page), 'it is that of the log that is open')
      await page.reload()
      await page.locator('.entry').first().waitFor()
      t.strictSame(
        await linesInTerminal(await saved(t, page)),
        await lines(page),
        'after a reload, it is played for it',
      )
    },
  )

  await t.test('what a cell runs cannot reach what is kept', async (t) => {
    const page = await fresh()
    await run(page, 1)
    await type(
      page,
      2,
      `[typeof caches, typeof indexedDB, typeof Worker, typeof BroadcastChannel, typeof navigator.storage, typeof navigator.locks,
        typeof navigator.storageBuckets, typeof webkitRequestFileSystemSync].filter((each) => each !== 'undefined')`,
    )
    await run(page, 2)
    t.equal(await cell(page, 2).locator('.value code').textContent(), '[]')
  })

  await t.test('where there is no more room, nothing that was acknowledged is lost, and it is said', async (t) => {
    const page = await fresh()
    await run(page, 1)
    const session = await context.newCDPSession(page)
    const origin = address.slice(0, -1)
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin })
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 3_000_000 })
    await type(page, 2, `for (let n = 1; n < 200; n++) await school.addTrick(id, n + ' ' + 'x'.repeat(100_000))`)
    await run(page, 2)
    t.match(await cell(page, 2).locator('.problem').textContent(), /no more room/)
    const there = await tricks(page)
    t.ok(there.length > 5 && there.length < 100, `${there.length} are there`)
    await session.send('Storage.overrideQuotaForOrigin', { origin })
    await type(page, 2, 'await school.notificationLog.max()')
    await run(page, 2)
    t.equal(await cell(page, 2).locator('.value code').textContent(), '2', 'it goes on when there is room')
    await page.reload()
    await page.locator('.entry').first().waitFor()
    t.strictSame(await notices(page), [])
  })
  await t.test('in a private window', (t) => inPrivate(t, context.browser(), address))
  await context.close()
})

async function inPrivate(t: Test, browser: Page, address: string): Promise<void> {
  /** A window, in which scripts of pages begin with this. */
  const window = async (inPage: string): Promise<Page> => {
    const context = await browser.newContext({ serviceWorkers: 'block', ...still })
    context.setDefaultTimeout(patience)
    await context.addInitScript(inPage)
    return context.newPage()
  }
  const page = await window(`
    StorageManager.prototype.persist = async () => localStorage.setItem('asked', 1 + Number(localStorage.getItem('asked')))
  `)

  await t.test('it is kept until the window is closed; the browser is asked once to keep it longer', async (t) => {
    await page.goto(`${address}#5`)
    const asked = () => page.evaluate("localStorage.getItem('asked')")
    await goToLesson(page, 1)
    await run(page, 1)
    t.equal(await asked(), null, 'there is nothing to keep')
    await goToLesson(page, 5)
    for (const number of [1, 2]) await run(page, number)
    await page.reload()
    await page.locator('.entry').first().waitFor()
    await runCells(page, '', 2)
    t.equal(await asked(), '1')
    t.strictSame(await shownBy(page), await inTerminal(5))
    t.strictSame(await notices(page), [])
  })

  await t.test(
    "an author's new text is not hidden by what was done in the old one, which is shown beside it",
    async (t) => {
      await beginLesson(page, 5)
      for (const number of [1, 2]) await run(page, number)
      const { values, log } = await shownBy(page)
      await page.route('**/assets/index-*.js', async (route: Page) => {
        const response = await route.fetch()
        await route.fulfill({
          response,
          body: (await response.text()).replace("addTrick(id, 'roll over')", "addTrick(id, 'roll')"),
        })
      })
      await page.reload()
      await page.getByText('The text of this lesson has changed').waitFor()
      t.match(await cell(page, 1).locator('.code').textContent(), "addTrick(id, 'roll')")
      t.equal(await page.locator('.entry, .value:visible').count(), 0)
      await page.locator('.earlier summary').click()
      const earlier: string = await page.locator('.earlier').textContent()
      for (const text of [
        "addTrick(id, 'roll over')",
        ...(await page.locator('.earlier .value code').allTextContents()),
      ])
        t.ok(earlier.includes(text))
      t.equal(await page.locator('.earlier .value').count(), values.length)
      t.equal(await page.locator('.earlier ol li').count(), log.length)
      await runCells(page)
      t.equal((await lines(page)).length, 3)
      await page.unroute('**/assets/index-*.js')
      await page.reload()
      await page.locator('.entry').first().waitFor()
      t.strictSame((await shownBy(page)).log, log, 'the old text has what was done in it')
    },
  )

  const refusals = {
    'no folder':
      "StorageManager.prototype.getDirectory = async () => { throw new DOMException('denied', 'SecurityError') };",
    'no file':
      "FileSystemFileHandle.prototype.createSyncAccessHandle = async () => { throw new DOMException('denied', 'InvalidStateError') };",
  }
  for (const [what, inWorker] of Object.entries(refusals))
    await t.test(`where the browser gives ${what}, the events are in memory, and it says so`, async (t) => {
      await page.route('**/assets/worker-*.js', async (route: Page) => {
        const response = await route.fetch()
        await route.fulfill({ response, body: inWorker + (await response.text()) })
      })
      await forget(page)
      await page.reload()
      await goToLesson(page, 5)
      await run(page, 1)
      t.match(await notices(page), [/in memory only/])
      await page.reload()
      await page.locator('.entry').first().waitFor()
      await runCells(page, '', 1)
      t.strictSame(await shownBy(page), await inTerminal(5), 'what was shown and recorded is kept all the same')
      await page.unroute('**/assets/worker-*.js')
    })

  const poor = await window(`
    if (location.search === '?nothing')
      IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError') }
    else IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') }
  `)
  for (const [where, search, why] of [
    ['it keeps nothing', '?nothing', /not kept: denied/],
    ['it has no more room', '?full', /not kept: .+ no more room/],
  ] as const)
    await t.test(`where ${where}, the page works, and says so`, async (t) => {
      await poor.goto(`${address}${search}#5`)
      await runCells(poor)
      t.strictSame(await shownBy(poor), await inTerminal(5))
      t.match(await notices(poor), [why])
    })
}
