/** Cells are stopped, run again and edited: what is on the page, and in its worker, is that from before. */
import type { Test } from 'tap'
import { beginLesson, button, cell, type Notebook, type Page, press, ran, run, sessions, type } from './page'

const shown = (page: Page, number: number): Promise<string[]> =>
  cell(page, number).locator('.value code').allTextContents()
const notes = (page: Page, number: number): Promise<string[]> =>
  cell(page, number).locator('.notes > *').allTextContents()
const shownProblems = (page: Page, number: number): Promise<string[]> =>
  cell(page, number).locator('.steps .problem').allTextContents()
const names = (page: Page): Promise<string[]> => page.locator('.entry .name').allTextContents()
/** Runs on the page: how long it takes from the next key until the cell says that it was stopped. */
const watched = `
  var pressed, said
  addEventListener('keydown', ({ timeStamp }) => { pressed = timeStamp }, { once: true, capture: true })
  new MutationObserver((_, observer) => {
    if (!/Stopped/.test(document.querySelector('main').textContent)) return
    said = performance.now()
    observer.disconnect()
  }).observe(document.body, { subtree: true, childList: true, characterData: true })
`

const before = ['Registered', 'TrickAdded']

export async function stopping(t: Test, { page, faults }: Notebook): Promise<void> {
  for (const [what, code] of Object.entries({
    'an endless loop': 'for(;;){}',
    'an endless loop with awaits': 'for (;;) await new Promise((resolve) => setTimeout(resolve))',
    'an endless loop that never lets go': 'for (;;) await null',
    'a promise that never settles': 'globalThis.left = 1; await new Promise(() => {})',
    'a cell in the middle of its work': `for (let i = 0; i < 20_000; i++) {
      if (i === 20) setTimeout(() => { throw new Error('in the middle') })
      await school.addTrick(id, 'trick ' + i)
    }`,
  }))
    await t.test(`${what} is stopped, and the state is that from before`, async (t) => {
      await beginLesson(page, 5)
      await run(page, 1)
      const [id] = await shown(page, 1)
      await type(page, 2, code)
      await press(page, 2, 'Run')
      await button(page, 2, 'Stop').waitFor()
      if (/middle/.test(code)) {
        await cell(page, 2).locator('.notes').getByText('in the middle').first().waitFor()
        await cell(page, 2).locator('.status').getByText('events saved so far').waitFor()
      }
      const start = performance.now()
      const stopped = sessions(page)[0]
      await page.evaluate(watched)
      await page.keyboard.press('Escape')
      await cell(page, 2).locator('.notes').getByText('Stopped.').waitFor()
      t.match(await notes(page, 2), ['Stopped. Everything here is as it was before this cell ran.'])
      t.comment(`stopped ${Math.round(await page.evaluate('said - pressed'))} ms after the key`)
      t.equal(await cell(page, 2).getAttribute('aria-busy'), 'false')
      t.strictSame(await names(page), before)
      if (/middle/.test(code)) {
        const kept = cell(page, 2).locator('.notes').getByText('that it had saved before it was stopped')
        const [, shown] =
          /The ([\d,]+) events that it had saved before it was stopped are on timeline 2\.$/.exec(
            await kept.textContent(),
          ) ?? []
        const count = Number(shown?.replaceAll(',', ''))
        t.ok(count >= 20)
        const timeline = (name: string) =>
          page
            .locator('.timelines')
            .getByRole('button', { name: `Timeline ${name}` })
            .click()
        await timeline('2')
        t.equal(await page.locator('.entry').last().getAttribute('value'), String(2 + count))
        t.match(await cell(page, 2).locator('.problem').textContent(), /This cell was stopped\./)
        await timeline('1')
        t.strictSame(await names(page), before)
      } else t.equal(await page.locator('.timelines').count(), 0)
      await type(
        page,
        2,
        `String([id, (await school.getDog(id)).tricks, typeof left, await school.notificationLog.max()])`,
      )
      const scrolls = (box: { scrollWidth: number; clientWidth: number }) => box.scrollWidth > box.clientWidth
      t.notOk(await cell(page, 2).locator('.cm-scroller').evaluate(scrolls), 'a long line is broken')
      await run(page, 2)
      if (sessions(page).includes(stopped)) await stopped.waitForEvent('close')
      t.comment(`the next cell had run after ${Math.round(performance.now() - start)} ms`)
      t.strictSame(await shown(page, 2), [`'${id?.slice(1, -1)},roll over,undefined,2'`])
      t.strictSame(await names(page), before)
    })

  await t.test('a worker that ends by itself is replaced, and the page says so', async (t) => {
    await beginLesson(page, 5)
    await run(page, 1)
    await page.getByRole('button', { name: 'Stop the view' }).press('Enter')
    await page.locator('.view .lag', { hasText: 'stopped at 2' }).waitFor()
    await type(page, 2, 'close(); await new Promise(() => {})')
    await run(page, 2)
    t.match(await notes(page, 2), [
      'What ran this cell has ended by itself (nothing said why). Everything here is as it was before this cell ran.',
    ])
    await type(page, 2, '(await school.getDog(id)).tricks')
    await run(page, 2)
    t.strictSame(await shown(page, 2), ["[ 'roll over' ]"])
    await type(page, 2, 'for(;;){}')
    await press(page, 2, 'Run')
    await press(page, 2, 'Stop')
    t.match(await notes(page, 2), ['What is shown came of an earlier run, with other code.', /^Stopped\./])
    await type(page, 2, "throw new Error('no')")
    await run(page, 2)
    await type(page, 2, 'for(;;);')
    await press(page, 2, 'Run')
    await press(page, 2, 'Stop')
    t.match(await notes(page, 2), [/^Stopped\./], 'a former problem is not shown, and nobody says that it is')
    await type(page, 2, "await school.addTrick(id, 'sit')")
    await run(page, 2)
    await page.locator('.view .lag', { hasText: '1 event behind' }).waitFor()
    t.match(
      await page.locator('.view .lag').textContent(),
      /^stopped at 2, /,
      'a view that was stopped is where it was',
    )
    await type(page, 2, 'null.x')
    await run(page, 2)
    t.match(await cell(page, 2).getByRole('status').textContent(), /^cell 2: failed: TypeError/)
    await type(page, 2, 'null')
    t.match(await shownProblems(page, 2), [/^Problem of the code before: TypeError/])
  })

  await t.test('what is typed while another cell comes to its end stays as it was typed', async (t) => {
    await beginLesson(page, 5)
    let typed = '//'
    await type(page, 2, typed)
    const add = async (text: string) => {
      await page.keyboard.type(text)
      typed += text
    }
    for (let times = 0; times < 5; times++) {
      await press(page, 1, 'Run')
      do await add('x'.repeat(10))
      while ((await cell(page, 1).getAttribute('aria-busy')) === 'true')
      await add('y')
      t.equal(await cell(page, 2).locator('.cm-content').textContent(), typed)
    }
  })

  await t.test('where nothing is saved, a cell just runs again', async (t) => {
    await beginLesson(page, 2)
    await run(page, 1)
    await run(page, 1)
    t.match(await notes(page, 1), [])
    t.equal(await page.locator('.timelines').count(), 0)
    t.strictSame(await page.locator('.empty').allTextContents(), [
      'Nothing is saved in this lesson: saving begins in lesson 5.',
    ])
    const high: number = await page.locator('aside').evaluate((element: Page) => element.offsetHeight)
    t.ok(high < 250, `and that is no large empty box: it is ${high} pixels high`)
    await beginLesson(page, 5)
  })

  await t.test('what a timer prints or throws is said below its cell, also later', async (t) => {
    await type(
      page,
      2,
      "setTimeout(() => { console.log('late'); null.x })\nPromise.reject(new RangeError('forgotten'))\nconsole.log('soon')",
    )
    await run(page, 2)
    await cell(page, 2).locator('.notes .problem').getByText('null').waitFor()
    t.strictSame(await cell(page, 2).locator('.printed').allTextContents(), ['printed: soon', 'printed: late'])
    t.match(await cell(page, 2).locator('.problem').allTextContents(), [
      /Uncaught TypeError: .*null/,
      /Uncaught RangeError: forgotten \(line 2 of what you typed\)/,
    ])
    t.equal(await page.getByRole('alert').count(), 0, 'the worker is as it was')
  })

  await t.test('when a cell takes long, another worker has played what was before it', async (t) => {
    await beginLesson(page, 5)
    await run(page, 1)
    await type(page, 2, 'await new Promise(() => {})')
    // It is there already if a cell before has taken long.
    const another = sessions(page).length > 1 || page.waitForEvent('worker')
    await page.keyboard.press('Control+Enter')
    await another
    const menu = page.getByRole('button', { name: 'Save & share' })
    await menu.click()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    t.equal(await cell(page, 2).getAttribute('aria-busy'), 'true', 'it closes the menu, and stops nothing')
    await page.keyboard.press('Escape')
    await type(page, 2, '(await school.getDog(id)).tricks')
    await run(page, 2)
    t.strictSame(await shown(page, 2), ["[ 'roll over' ]"])
  })

  await t.test('what a cell leaves running ends with its session', async (t) => {
    await type(page, 1, "const id = await school.registerDog('Fido'); setInterval(() => console.log('tick'))")
    await run(page, 1)
    await cell(page, 1)
      .locator('.notes .printed', { hasText: /tick\ntick\ntick/ })
      .waitFor()
    await press(page, 1, 'Lesson’s code')
    await run(page, 1)
    await type(page, 2, "await new Promise((resolve) => setTimeout(resolve, 50)); 'nothing ticks'")
    await run(page, 2)
    t.strictSame(await page.locator('.printed').allTextContents(), [])
  })

  await t.test('a cell that does something else when it is played again, says so', async (t) => {
    await type(
      page,
      1,
      "const id = await school.registerDog('Fido'); const key = await crypto.subtle.exportKey('jwk', await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign'])); key.k",
    )
    await run(page, 1)
    const [key] = await shown(page, 1)
    await run(page, 2)
    await run(page, 2)
    t.match((await notes(page, 1)).at(-1), /^Played again, this cell did something else/)
    t.strictSame(await shown(page, 1), [key])
  })

  await t.test('a cell that would do what it did leaves what is below it as it is', async (t) => {
    await beginLesson(page, 5)
    await type(page, 1, "const id = await school.registerDog('Fido'); const list = [1]; id")
    await run(page, 1)
    await type(
      page,
      2,
      'list.push(2)\n;(await school.getDog(id)).tricks.concat((await school.notificationLog.select()).length)',
    )
    await run(page, 2)
    await press(page, 3, 'Run')
    await cell(page, 3).getByRole('textbox').fill('1')
    await press(page, 3, 'Answer')
    await ran(page, 3)
    await type(page, 4, "await school.addTrick(id, 'sit')\nlist")
    await run(page, 4)
    const shownFirst = await shown(page, 2)
    await run(page, 2)
    t.match(await notes(page, 2), [/^It does the same again, so all that is shown still holds/])
    await run(page, 3)
    t.match(await notes(page, 3), [/^It does the same again/], 'it is not asked again')
    t.strictSame(await page.locator('.stale').count(), 0)
    t.equal(await page.locator('.timelines').count(), 0)
    t.strictSame(await shown(page, 2), shownFirst)
    t.strictSame(await shown(page, 4), ['[ 1, 2 ]'])

    await type(page, 2, 'new Date().getTime()')
    await run(page, 2)
    t.equal((await notes(page, 3)).length, 1, 'that it does the same is no longer said')
    t.match(await notes(page, 4), [/^Out of date: this is from timeline 1, before a cell above it ran again\./])
    await run(page, 4)
    await run(page, 2)
    t.match(await notes(page, 2), [/^Run again, so a new timeline/], 'at another time, it is another run')
  })

  await t.test('what helps covers no code, and moves nothing from under the pointer', async (t) => {
    await type(page, 4, "'a line that is as long as an editor is wide'.repeat(4)")
    const [code, tip] = [cell(page, 4).locator('.cm-content'), cell(page, 4).locator('.leaving')]
    const { y, height } = await code.boundingBox()
    t.ok((await tip.boundingBox()).y + 8 > y + height, 'at most in the margin below it')
    const log = await page.locator('#log').boundingBox()
    for (const panel of ['.slider', '.state', '.slider']) {
      const sign = page.locator(`${panel} .what summary`)
      const before = await sign.boundingBox()
      await sign.click()
      const said = page.locator(`${panel} .what p`)
      await said.waitFor()
      t.equal(Math.round((await sign.boundingBox()).y), Math.round(before.y), panel)
      t.ok((await said.boundingBox()).y > 0, 'it is in sight')
      t.strictSame(await page.locator('#log').boundingBox(), log, 'the log keeps its room')
      t.equal(await page.locator('.what[open]').count(), 1, 'one at a time')
    }
    await page.keyboard.press('Escape')
    t.equal(await page.locator('.what[open]').count(), 0)
  })

  await t.test('code that is none does not run, and the page says where it is wrong', async (t) => {
    await type(page, 2, "await school.getDog(id)\nawait school.addTrick(id, 'sit'")
    await run(page, 4)
    t.match(await notes(page, 4), [], 'it has run')
    await run(page, 2)
    t.match(await notes(page, 2), [
      /./,
      /^The code was edited/,
      "Problem: This did not run: line 2, column 32: ')' expected. (TS1005)\n  await school.addTrick(id, 'sit'\n                                 ^\nEach bracket",
    ])
    t.strictSame(await page.locator('.stale').count(), 0)
    const there = async () => [await names(page), await page.locator('.timelines button').allTextContents()]
    const [log, timelines] = await there()
    await type(page, 1, "const id = await school.registerDog('Rex')\nlet id")
    await run(page, 1)
    t.match((await notes(page, 1)).at(-1), /did not run: line 1, column 7: Cannot redeclare .* 'id'\. \(TS2451\)\n/)
    t.strictSame(await there(), [log, timelines], 'what can be read and never begins, takes nothing back')
    t.strictSame(await page.locator('.stale').count(), 0)
    await press(page, 1, 'Lesson’s code')
    await type(page, 4, 'await school.getDog(id)')
    await run(page, 4)
    t.strictSame(await cell(page, 2).locator('.problem').count(), 1, 'another cell runs without it')
    await press(page, 1, 'Run')
    await ran(page, 1)
    await run(page, 4)
    t.match(await notes(page, 4), [/./, 'Problem: This did not run: a cell above it cannot run'])
    await press(page, 2, 'Lesson’s code')
    t.equal(await cell(page, 2).locator('.problem').count(), 0, 'nothing is wrong with this one')
    await run(page, 4)
    t.match(await notes(page, 4), [])
  })

  await t.test('a cell that runs again begins another timeline, and what is below it is stale', async (t) => {
    await beginLesson(page, 5)
    await run(page, 2)
    await run(page, 3)
    await press(page, 3, 'Show me')
    await ran(page, 3)
    await run(page, 4)
    t.strictSame(await names(page), [...before, 'TrickAdded'])
    const ids = await shown(page, 1)

    await run(page, 2)
    t.match(await notes(page, 2), [
      'Run again, so a new timeline begins here: a log of its own, which shares the cell before with timeline 1. That one stays as it is.',
    ])
    t.match(await notes(page, 3), [/^Out of date: this is from timeline 1,/])
    t.match(await notes(page, 4), [/^Out of date: this is from timeline 1,/])
    t.strictSame(await shown(page, 4), ["{ name: 'Fido', tricks: [ 'roll over', 'play dead' ] }"], 'it is still there')
    t.equal(await page.locator('.later').count(), 0, 'and so is what follows the question')
    t.strictSame(await names(page), before)

    await run(page, 4)
    t.match(await notes(page, 3), [])
    t.strictSame(await names(page), [...before, 'TrickAdded'], 'what was stale has run first')

    await type(page, 1, "const id = await school.registerDog('Rex')\nid")
    t.match(await notes(page, 1), [/^The code was edited after it ran: what is shown/])
    const left = (parts: { getBoundingClientRect(): { left: number } }[]) =>
      new Set(parts.map((part) => part.getBoundingClientRect().left)).size
    t.equal(await cell(page, 1).locator('.steps > *').evaluateAll(left), 1, 'what it showed stays one below the other')
    await run(page, 1)
    t.strictSame(await names(page), ['Registered'])
    t.notSame(await shown(page, 1), ids)
    t.match(await notes(page, 1), [/^Run again, .* which shares nothing with timeline 2\./])
    await press(page, 1, 'Lesson’s code')
    t.match(await notes(page, 1), [/^Run again/, /^The code was edited after it ran/])
    await run(page, 1)
    t.strictSame(await names(page), before)
    t.match(await notes(page, 1), [/^Run again, .* with timeline 3\./])

    await type(page, 1, "// hello\nconst id = await school.registerDog('Rex')\nid\n'more'")
    await run(page, 1)
    t.match(await shown(page, 1), [/^'[0-9a-f]{32}'$/, "'more'"], 'also what the lesson shows between its lines')
    await type(page, 1, "const id = await school.registerDog('Rex')\n;[\nid\n, 'more'].length")
    await run(page, 1)
    t.strictSame(await shown(page, 1), ['2'], 'a line of the lesson in a bracket is no end')
  })

  t.strictSame(faults, [])
}
