/** A notebook with its history fits in a link, and nothing in a link runs before a click. */
import { readFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { strFromU8, unzipSync } from 'fflate'
import type { Test } from 'tap'
import { scripts } from '../../package.json'
import { courseOnDisk } from '../../src/checkpoints/course-on-disk'
import { patience, still } from '../browser/chromium'
import {
  beginLesson,
  cell,
  forget,
  goToLesson,
  type Notebook,
  type Page,
  run,
  runCells,
  sessions,
  shownBy,
  type,
} from './page'

const { lessons } = courseOnDisk(process.cwd())

/** Copies the link of the page, and gives it. */
async function linkOf(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Save & share' }).click()
  await page.getByRole('button', { name: /^Copy a link/ }).click()
  await page.locator('.keep-said').getByText('Copied').waitFor()
  await page.keyboard.press('Escape')
  return await page.evaluate('navigator.clipboard.readText()')
}

// biome-ignore lint/suspicious/noExplicitAny: it is changed to what it should not be
type History = any
/** What the browser keeps of lesson 5. */
const kept = (page: Page): Promise<History> =>
  page.evaluate(`new Promise((found) => {
    indexedDB.open('dog-school-notebook').onsuccess = ({ target: { result } }) => {
      const asked = result.transaction('lessons').objectStore('lessons').getAll(IDBKeyRange.bound([5], [5, []]))
      asked.onsuccess = () => {
        result.close()
        found(asked.result[0].history)
      }
    }
  })`)

/** What stands behind `#5:` for this. */
const packed = (history: unknown): string =>
  `1${deflateSync(typeof history === 'string' ? history : JSON.stringify(history)).toString('base64url')}`

const notice = (page: Page): Promise<string> => page.locator('.notice').first().textContent()
const goOn = (page: Page): Promise<void> => page.getByRole('button', { name: 'Go on from here' }).click()

export async function links(t: Test, { page, context, address, faults }: Notebook): Promise<void> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: address.slice(0, -1) })
  const clean = await context.browser().newContext(still)
  clean.setDefaultTimeout(patience)
  const other: Page = await clean.newPage()
  /** Another profile, in which nothing has been done, unless that is to stay. */
  const opened = async (link: string, isMine = false): Promise<Page> => {
    if (!isMine && other.url() !== 'about:blank') await forget(other)
    await other.goto('about:blank')
    await other.goto(link)
    await other.locator('.notice').first().waitFor()
    return other
  }
  const made = new Map<number, string>()

  for (const { number } of lessons)
    await t.test(`lesson ${number} is the same page in a clean profile, where nothing has run`, async (t) => {
      await beginLesson(page, number)
      await runCells(page, 'x')
      const link = await linkOf(page)
      made.set(number, link)
      t.comment(`lesson ${number}: the link has ${link.length} characters`)
      t.ok(link.length < 8000, 'it fits where links are short')
      const other = await opened(link)
      t.match(await notice(other), 'This lesson came with the link,')
      t.strictSame(await shownBy(other), await shownBy(page))
      t.equal(
        await other.locator('.said').allTextContents().then(String),
        String(await page.locator('.said').allTextContents()),
      )
      t.equal(sessions(other).length, 0)
      t.equal(await other.getByRole('button', { name: /Run|Edit/ }).count(), 0)
    })

  await t.test('where the browser gives no clipboard, the link is there to be copied by hand', async (t) => {
    const other = await opened(made.get(6) as string)
    await other.evaluate('navigator.clipboard.writeText = () => Promise.reject(new DOMException("denied"))')
    await other.getByRole('button', { name: 'Save & share' }).click()
    await other.getByRole('button', { name: /^Copy a link/ }).click()
    await other.locator('.keep-said').getByText('copy it by hand').waitFor()
    await other.locator('.keep-link:focus').waitFor()
    const link: string = await other.getByRole('textbox', { name: 'The link' }).inputValue()
    t.match(link, new RegExp(`^${address}#6:1.{99}`))
    t.equal(await other.evaluate('String(getSelection())'), link)
  })

  await t.test('after a click it goes on', async (t) => {
    await beginLesson(page, 5)
    await run(page, 1)
    await page.locator('.view button', { hasText: 'Stop' }).dispatchEvent('click')
    await page.locator('.view .lag', { hasText: 'stopped at 2' }).waitFor()
    await type(
      page,
      2,
      "const dog = await school.repository.get(Dog, id)\ndog.addTrick('play dead')\ndog.tricks\ndog.version",
    )
    await run(page, 2)
    const other = await opened(await linkOf(page))
    await goOn(other)
    await cell(other, 3).getByRole('button', { name: 'Run' }).waitFor()
    t.equal(other.url(), `${address}#5`)
    t.equal(await other.locator('.notice').count(), 0)
    t.strictSame(await shownBy(other), await shownBy(page))
    await runCells(other, '', 2)
    await runCells(page, '', 2)
    t.strictSame(await shownBy(other), await shownBy(page))
    for (const each of [page, other])
      await each.locator('.view .lag', { hasText: 'stopped at 2, 1 event behind' }).waitFor()
    t.equal(await other.locator('.notice').count(), 0, 'played again, it is what the link said')
    t.equal(await cell(other, 2).locator('.value').count(), 2)
    t.equal(await cell(other, 2).locator('.said').count(), 0, 'nor has an edited cell done something else')
    await other.reload()
    await other.locator('.entry').first().waitFor()
    t.strictSame(await shownBy(other), await shownBy(page), 'it is kept')
  })

  await t.test(
    'the files of the exercise go with it, to the editor or beside what is in it; they leave as a zip, too',
    async (t) => {
      const files = (page: Page): Promise<string[]> =>
        page.evaluate(`(({ files, former = [] }) => [files, ...former.map(({ files }) => files)].map((each) => each[0].join(': ')))
        (JSON.parse(localStorage.getItem('dog-school/turn/5')))`)
      await page.evaluate(
        `localStorage.setItem('dog-school/turn/5', '{"files":[["dog-school.ts","// mine"]],"from":[["dog-school.ts",""]]}')`,
      )
      await page.reload()
      await page.locator('.entry').first().waitFor()
      const link = await linkOf(page)
      t.match(await page.locator('.keep-said').textContent(), /^Copied, with the files of your exercise\. It has/)
      const other = await opened(link)
      t.match(await notice(other), /Its exercise \(dog-school\.ts\) comes to “Your turn”/)
      t.equal(await other.evaluate("localStorage.getItem('dog-school/turn/5')"), null, 'nothing is kept before a click')
      await goOn(other)
      await cell(other, 1).getByRole('button', { name: 'Run' }).waitFor()
      t.equal((await files(other))[0], 'dog-school.ts: // mine', 'nothing had been written there')
      await other.locator('.state .version').getByText(/\d/).waitFor()
      await other.locator('.state dl').waitFor()
      await other.evaluate(
        `localStorage.setItem('dog-school/turn/5', '{"files":[["dog-school.ts","// hers"]],"from":[["dog-school.ts",""]]}')`,
      )
      const again = await opened(link, true)
      await goOn(again)
      await cell(again, 1).getByRole('button', { name: 'Run' }).waitFor()
      t.match(await files(again), ['dog-school.ts: // hers', 'dog-school.ts: // mine'])

      await page.getByRole('button', { name: 'Save & share' }).click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /^Download the exercises/ }).click(),
      ])
      await page.keyboard.press('Escape')
      const zip = unzipSync(readFileSync(await download.path()))
      t.strictSame(Object.keys(zip), [
        'my-school/README.md',
        'my-school/5-implementing-application-methods/dog-school.ts',
      ])
      const [readme, mine] = Object.values(zip).map((bytes) => strFromU8(bytes)) as [string, string]
      t.equal(mine, '// mine')
      const commands = [...readme.matchAll(/`npm (?:run )?(\w+)/g)].map(([, name]) => name as string)
      t.strictSame(
        commands.map((name) => name in scripts || name),
        ['ci', true, true, true],
        'it names commands that there are',
      )
    },
  )

  await t.test('what one has done oneself stays', async (t) => {
    await forget(other)
    await goToLesson(other, 6)
    await run(other, 1)
    const before = await shownBy(other)
    await opened(made.get(6) as string, true)
    await other.getByRole('button', { name: 'Show mine' }).click()
    await other.locator('.entry').first().waitFor()
    t.strictSame(await shownBy(other), before)
    await other.locator('.state dl').waitFor()
    await other.goto(made.get(6))
    await other.getByText('This lesson came with the link').waitFor()
    await other.getByRole('button', { name: 'One event back' }).click()
    await other.locator('.state[aria-busy=false] h2', { hasText: 'version 3' }).waitFor()
    t.match(await other.locator('.state .note').allTextContents(), [/when the cells have run again/], 'it is not of it')
    await goOn(other)
    await other.getByRole('button', { name: 'Timeline link 1', pressed: true }).waitFor()
    await other.getByRole('button', { name: 'Timeline 1' }).click()
    await other.getByRole('button', { name: 'Timeline 1', pressed: true }).waitFor()
    t.strictSame((await shownBy(other)).log, before.log)
  })

  await t.test('what a link only says was recorded is not taken for it', async (t) => {
    const history = await kept(page)
    Object.assign(history.timelines[0].runs[0].outcome.events[0], { payload: "{ name: 'Rex' }" })
    history.timelines[0].runs.splice(1)
    const lying = await opened(`${address}#5:${packed(history)}`)
    await goOn(lying)
    await cell(lying, 2).getByRole('button', { name: 'Run' }).click()
    await lying.getByText('recorded something else than before').waitFor()
    // The page says so before it shows what has been recorded now.
    await lying.locator('.entry', { hasText: "'Fido'" }).waitFor()
    t.equal(await lying.locator('.problem').count(), 0)
  })

  await t.test('what a cell had saved that was cut off is in no link, and is not offered', async (t) => {
    const history = await kept(page)
    Object.assign(history.timelines[0].runs.at(-1).outcome, { isCut: true })
    await forget(other)
    const cut = await opened(`${address}#5:${packed(history)}`, true)
    await goOn(cut)
    await cut.locator('.state .note', { hasText: 'is not in this browser: a link does not carry it' }).waitFor()
    t.equal(await cut.locator('.state .note button').count(), 0)
  })

  await t.test('links of strangers', async (t) => {
    const history = await kept(page)
    await opened(`${address}#5:${packed(history)}`)
    const html = '<img src=x onerror="document.title=1"><script>document.title = 2</script>'
    const changed = (change: (copy: History) => void): string => {
      const copy = structuredClone(history)
      change(copy)
      return packed(copy)
    }
    const good = packed(history)
    for (const [what, link, says] of [
      ['cut off', good.slice(0, -9), /is broken/],
      ['changed on the way', `${good.slice(0, 60)}AAAA${good.slice(64)}`, /is broken/],
      ['no link', 'hello world', /is broken/],
      ['too long', `1${'A'.repeat(1_000_001)}`, /longer than any/],
      ['larger than it looks', packed(`"${' '.repeat(20_000_000)}"`), /is broken/],
      ['of a later form', `2${good.slice(1)}`, /made by a newer version of this page/],
      ['of another lesson', changed((copy) => Object.assign(copy, { lesson: 6 })), /is broken/],
      ['with timelines that lead nowhere', changed((copy) => Object.assign(copy, { current: 'x' })), /is broken/],
      [
        'with a timeline that has left itself',
        changed(({ timelines: [line] }) => Object.assign(line, { from: { timeline: line.name, runs: 0 } })),
        /is broken/,
      ],
      [
        'with cells that there are not',
        changed(({ timelines: [line] }) => Object.assign(line.runs[0], { piece: 99 })),
        /is broken/,
      ],
      [
        'with a view that is stopped nowhere',
        changed((copy) => Object.assign(copy, { stops: [{ position: -1 }] })),
        /is broken/,
      ],
      ['with an open log of nothing', changed((copy) => Object.assign(copy, { opened: {} })), /is broken/],
      ['no history', packed({ lesson: 5 }), /is broken/],
      [
        'with a file of a wrong name',
        changed((copy) => Object.assign(copy, { files: [['../dog.ts', '']] })),
        /is broken/,
      ],
    ] as const) {
      // On a page that is open: what a link says comes to it in the same way.
      await other.goto(`${address}#5:${link}`)
      t.match(await notice(other), says, what)
      await other.getByRole('button', { name: 'Show mine' }).click()
      await other.locator('.notice').waitFor({ state: 'detached' })
      await cell(other, 1).getByRole('button', { name: 'Run' }).waitFor()
    }
    const named = changed((copy) => {
      const [line] = copy.timelines
      line.name = copy.current = html
      line.runs[0].outcome.shown.push({ tone: 'plain', text: html }, { tone: 'value', text: html })
      Object.assign(line.runs[0].outcome.events[0], { name: html, who: html, payload: html })
    })
    const written = await opened(`${address}#5:${named}`)
    t.match(await written.locator('.cell').first().textContent(), html, 'HTML is text')
    t.equal(await written.locator('main img, aside img, main script, aside script').count(), 0)
    t.equal(await written.title(), '5 · Implementing application methods – Dog School')

    await other.goto(`${address}#99:${good}`)
    await other.locator('main', { hasText: 'There is no lesson 99' }).waitFor()

    const old = await opened(
      `${address}#5:${changed((copy) => Object.assign(copy, { hash: 'old', files: [['dog-school.ts', '// hers']] }))}`,
    )
    t.match(
      await notice(old),
      'The text of this lesson is another one than when this link was made. So the link cannot be gone on with; what its cells have shown, and the files of its exercise, are here,',
    )
    await old.locator('.earlier summary').click()
    t.match(await old.locator('.earlier').textContent(), /Registered.*dog-school\.ts\/\/ hers/s)
    await cell(old, 1).getByRole('button', { name: 'Run' }).waitFor()
    t.equal(await old.locator('.entry').count(), 0, 'and what is to be done is the new text')
  })
  t.strictSame(faults, [])
  await clean.close()
}
