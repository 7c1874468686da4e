/** What a reader of the notebook sees of the past: by keyboard, in Chromium. */
import type { Test } from 'tap'
import { beginLesson, cell, type Notebook, type Page, runCells, type } from './page'

/** Without the menu: where there is another timeline, it offers to delete it. */
const html = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const copy = document.getElementById('page').cloneNode(true)
    copy.querySelector('.keep').remove()
    return copy.innerHTML
  })()`)
const press = async (page: Page, keys: string): Promise<void> => {
  for (const key of keys.split(' ')) await page.keyboard.press(key)
}
/** Waits until the worker has said what is to be seen. */
const settled = async (page: Page, says: string): Promise<void> => {
  await page.locator('.came', { hasText: says }).waitFor({ state: 'attached' })
  await page.locator('.state[aria-busy=false]').waitFor({ state: 'attached' })
  await page.locator('.view .rows[aria-busy=true]').waitFor({ state: 'detached' })
}
const text = async (page: Page, place: string): Promise<string> =>
  (await page.locator(place).allInnerTexts()).join(' ').replace(/\s+/g, ' ').trim()
/** Without what says what it is. */
const STATE = '.state > :not(.what)'
const view = (page: Page): Promise<string> => text(page, '.view tbody tr, .view .lag')
const shownIn = (page: Page, number: number): Promise<number> => cell(page, number).locator('.value:visible').count()

export async function sights(t: Test, { page, faults }: Notebook): Promise<void> {
  const wide = { width: 1440, height: 900 }
  await page.setViewportSize(wide)

  await t.test('before anything has happened, there is nothing to see of it', async (t) => {
    await beginLesson(page, 6)
    for (const place of ['.slider', '.state', '.view', '.timelines'])
      t.equal(await page.locator(place).count(), 0, place)
  })

  await t.test('a step back, and the log, the cells, the state and the view are those of that moment', async (t) => {
    await runCells(page)
    await settled(page, 'event 6')
    t.equal(await page.locator('.came').textContent(), 'event 6, TrickAdded: Fido now knows 3 tricks')
    t.equal(await text(page, STATE), "fido at version 4 name 'Fido' tricks [ 'roll over', 'play dead', + 'sit' ]")
    t.equal(await view(page), 'at 6, up to date Fido 3 Buster 1')

    await press(page, '[ [')
    await settled(page, 'event 4')
    t.equal(await page.locator('.came').textContent(), 'event 4, TrickAdded: Buster now knows 1 trick')
    t.equal(await text(page, STATE), "buster at version 2 name 'Buster' tricks [ + 'fetch ball' ]")
    t.equal(await view(page), 'at 4, up to date Fido 1 Buster 1')
    t.equal(await text(page, '.place'), 'at 4 of 6')
    t.equal(await page.locator('.entry[aria-current]').getAttribute('id'), 'event-4')
    t.strictSame(await page.locator('.entry').evaluateAll((all: Page[]) => all.map(({ className }) => className)), [
      'entry',
      'entry',
      'entry',
      'entry here',
      'entry not-yet',
      'entry new not-yet',
    ])
    t.equal(
      await text(page, '.moment'),
      ['4 of its 5 events have happened here', ...Array(3).fill('not run yet at this position')].join(' '),
    )
    t.strictSame([await shownIn(page, 1), await shownIn(page, 2)], [0, 0])

    await page.locator('#event-5 .name').click()
    await settled(page, 'event 5')
    t.equal(await text(page, '.moment'), 'not run yet at this position', 'what only looked, had looked by then')
    t.strictSame(
      [await shownIn(page, 1), await shownIn(page, 2), await shownIn(page, 3), await shownIn(page, 4)],
      [1, 1, 1, 0],
    )
  })

  await t.test('at the end again, all is as before, to the byte', async (t) => {
    await press(page, ']')
    await settled(page, 'event 6')
    const before = await html(page)
    const slider = page.getByRole('slider', { name: 'Position' })
    await slider.focus()
    await press(page, 'Home')
    await settled(page, 'before the first event')
    t.equal(await text(page, STATE), 'Before the first event Nobody is here yet.')
    t.equal(await slider.getAttribute('aria-valuetext'), '0 of 6')
    t.equal(await page.locator('.moment').count(), 4)
    await press(page, 'ArrowRight')
    await settled(page, 'event 1')
    t.equal(await page.locator('.came').textContent(), 'event 1, Registered: Fido is here')
    t.equal(await text(page, STATE), "fido at version 1 + name 'Fido' + tricks []")
    t.not(await html(page), before)
    await press(page, 'End')
    await settled(page, 'event 6')
    t.equal(await html(page), before)
  })

  await t.test('a cell that is run somewhere in the past is run at the end', async (t) => {
    await beginLesson(page, 5)
    await cell(page, 1).getByRole('button', { name: 'Run' }).press('Enter')
    await settled(page, 'event 2')
    await press(page, '[')
    await settled(page, 'event 1')
    await cell(page, 3).getByRole('button', { name: 'Run' }).press('Enter')
    await page.locator('input:focus').waitFor()
    t.equal(await text(page, '.place'), 'at 2, the end')
    t.equal(await page.locator('.moment').count(), 0)
    await page.keyboard.type('[]')
    t.equal(await text(page, '.place'), 'at 2, the end', 'where one types, a key is what one types')
    await press(page, 'Backspace ] Enter')
    await cell(page, 3).locator('.said').waitFor()
  })

  await t.test('a view stops, lags behind, takes a step, catches up, and is built again', async (t) => {
    const move = (name: string) => page.getByRole('button', { name: `${name} the view` }).press('Enter')
    const lag = (says: string) => page.locator('.view .lag', { hasText: says }).waitFor()
    const disabled = (name: string) =>
      page.getByRole('button', { name: `${name} the view` }).getAttribute('aria-disabled')
    await lag('at 2, up to date')
    await move('Step')
    t.equal(await view(page), 'at 2, up to date Fido 1', 'one that follows has no step to take')
    await page.locator('.view .what summary').press('Enter')
    const bottom = await page.locator('.view .what p').evaluate((each: Page) => each.getBoundingClientRect().bottom)
    const top = await page.locator('.view .rows').evaluate((each: Page) => each.getBoundingClientRect().top)
    t.ok(bottom <= top, 'what a view is, is said above its rows and not over them')
    await press(page, 'Escape')
    await move('Stop')
    await lag('stopped')
    await cell(page, 4).getByRole('button', { name: 'Run' }).press('Enter')
    await settled(page, 'event 3')
    await lag('stopped at 2, 1 event behind')
    t.equal(await view(page), 'stopped at 2, 1 event behind Fido 1')
    await press(page, '[')
    await lag('stopped at 2, up to date')
    await press(page, ']')
    await lag('1 event behind')
    await move('Step')
    await lag('stopped at 3, up to date')
    t.equal(await view(page), 'stopped at 3, up to date Fido 2')
    t.strictSame(
      [await disabled('Step'), await disabled('Catch up'), await disabled('Rebuild')],
      ['true', 'true', null],
      'it has read all',
    )
    await move('Rebuild')
    await page.getByText('Read again, from 1 to 3.').waitFor()
    await cell(page, 4).getByRole('button', { name: 'Run again' }).press('Enter')
    await page.getByRole('button', { name: 'Timeline 2', pressed: true }).waitFor()
    await settled(page, 'event 3')
    await lag('stopped at 3, up to date')
    t.equal(await view(page), 'stopped at 3, up to date Fido 2', 'on another timeline, it is where it was')
    await move('Follow')
    await page.locator('.view .lag:not(:has-text("stopped"))').waitFor()
    t.equal(await view(page), 'at 3, up to date Fido 2')
  })

  await t.test('timelines are drawn after a fork, and one key goes to the other one', async (t) => {
    const marks = async () => {
      const classes: string[] = await page
        .locator('figure > svg .mark')
        .evaluateAll((all: Page[]) => all.map((each) => each.getAttribute('class').replace('mark ', '')))
      return classes.join(' ')
    }
    const current = (name: string) =>
      page.getByRole('button', { name: `Timeline ${name}`, pressed: true, exact: false }).waitFor()
    await beginLesson(page, 6)
    await runCells(page)
    await settled(page, 'event 6')
    const first = await html(page)
    t.equal(await page.locator('.timelines').count(), 0)
    await cell(page, 4).getByRole('button', { name: 'Run again' }).press('Enter')
    await current('2')
    await settled(page, 'event 6')
    t.equal(
      await page
        .getByRole('img')
        .getAttribute('aria-labelledby')
        .then((id: string) => text(page, `#${id}`)),
      'Timeline 1 is the first, and has Registered, Registered, TrickAdded, TrickAdded, TrickAdded, TrickAdded. Timeline 2 left timeline 1 after event 5, and has TrickAdded of its own. It is shown, at event 6 of 6.',
    )
    t.equal(await marks(), 'past past past past past other past')
    await press(page, '[ [')
    await settled(page, 'event 4')
    t.equal(await marks(), 'past past past past later other later')

    await press(page, 't')
    await current('1')
    await settled(page, '6 events, nothing new')
    t.equal(await marks(), 'past past past past past past other')
    t.equal(await text(page, '.place'), 'at 6, the end')
    t.equal(await text(page, STATE), "fido at version 4 name 'Fido' tricks [ 'roll over', 'play dead', + 'sit' ]")
    t.equal(await view(page), 'at 6, up to date Fido 3 Buster 1')
    const without = (all: string) =>
      all
        .replace(/<details class="fold timelines".*?<\/details>(?=<section)/s, '')
        .replace(/<p class="came".*?<\/p>/, '')
        .replace(/<span class="hidden" role="status">.*?<\/span>/gs, '')
        .replace(', <kbd>t</kbd> other timeline', '')
        .replaceAll('entry new', 'entry')
    t.equal(without(await html(page)), without(first), 'the first timeline is as it was')
    await press(page, 't')
    await current('2')
  })

  await t.test(
    'a timeline that leaves another one before its beginning left the one before; of those that are alike, one is drawn',
    async (t) => {
      for (const number of [4, 1, 1, 1, 1]) {
        await cell(page, number).getByRole('button', { name: 'Run again' }).press('Enter')
        await cell(page, number).and(page.locator('[aria-busy=false]')).waitFor()
      }
      await page.getByRole('button', { name: 'Timeline 7' }).waitFor()
      const words = await text(page, '#timelines-words')
      t.match(words, /Timeline 7 left timeline 1 after event 0, and has .* It is shown, at event 5 of 5\.$/)
      t.equal(await text(page, '.timelines .rest summary'), '5 earlier timelines, and what began each')
      await page.locator('.timelines .rest summary').press('Enter')
      t.strictSame(
        await page.locator('.rest button').allInnerTexts(),
        [4, 4, 1, 1, 1].map((by, at) => `Timeline ${at + 2}, begun with cell ${by}\n${at + 2} · cell ${by}`),
      )
      await page.locator('.timelines .rest summary').press('Enter')
      t.strictSame(await page.locator('.names button').allInnerTexts(), [
        'Timeline 1, the first\n1 t',
        'Timeline 7, begun with cell 1\n7',
      ])
    },
  )

  await t.test('however much is around the log, five events are in sight, and the slider', async (t) => {
    const sight = (): Promise<readonly [events: number, slider: boolean]> =>
      page.evaluate(`(() => {
        const box = (each) => each.getBoundingClientRect()
        const log = box(document.getElementById('log'))
        const whole = [...document.querySelectorAll('.entry')]
          .filter((each) => box(each).top >= log.top - 1 && box(each).bottom <= log.bottom + 1)
        const slider = box(document.querySelector('.slider')).bottom
        return [whole.length, slider <= Math.min(innerHeight, box(document.querySelector('aside')).bottom)]
      })()`)
    for (const [width, height] of [
      [1280, 800],
      [1280, 640],
      [800, 1000],
      [360, 740],
    ] as const) {
      await page.setViewportSize({ width, height })
      const isNarrow = width < 960
      if (isNarrow) await page.getByRole('button', { name: 'Show', exact: true }).press('Enter')
      // The page hears of its size after it is drawn.
      for (let times = 0; times < 60 && (await sight())[0] < 5; times++)
        await page.evaluate('new Promise(requestAnimationFrame)')
      t.strictSame(await sight(), [5, true], `at ${width} x ${height}`)
      const long: number = await page.locator('.slider [type=range]').evaluate((each: Page) => each.offsetWidth)
      t.ok(long > 90, `and it is ${long} pixels long`)
      await page.locator('.view summary').first().press('Enter')
      await page.getByRole('button', { name: 'Rebuild the view' }).waitFor()
      const [events, slider] = await sight()
      t.ok(events >= (isNarrow ? 3 : 1) && slider, `at ${width} x ${height}, with the view: ${events} events`)
      await page.locator('.view summary').first().press('Enter')
      if (isNarrow) await page.getByRole('button', { name: 'Hide' }).press('Enter')
    }
    await page.setViewportSize(wide)
  })

  await t.test('the log of a store that a cell has made is seen in the same way', async (t) => {
    await beginLesson(page, 7)
    await runCells(page)
    await settled(page, 'events 1 to 2; the last: event 2, TrickAdded: Rex now knows 1 trick')
    await cell(page, 2).getByRole('button', { name: 'Run again' }).press('Enter')
    await settled(page, 'events 1 to 2; the last: event 2, TrickAdded: Buster now knows 1 trick')
    await press(page, '[')
    await settled(page, 'event 1')
    t.equal(
      await text(page, '.which'),
      'This is the log of monday and tuesday, because cell 2 was the last to save, and saved there. The others can be opened:',
    )
    t.equal(await text(page, STATE), "buster at version 1 + name 'Buster' + tricks []")
    t.equal(await view(page), 'at 1, up to date Buster 0')
    t.equal(await text(page, '.moment'), '1 of its 2 events has happened here')

    const log = (name: string) => page.getByRole('button', { name: `The log of ${name}` })
    t.equal(await log('monday and tuesday').getAttribute('aria-pressed'), 'true')
    await press(page, '[')
    await settled(page, 'before the first event')
    await log('morning').press('Enter')
    await settled(page, '1 event, nothing new')
    t.match(await text(page, '.which'), /^You have opened the log of morning\. The last to save was cell 2,/)
    t.equal(await log('morning').getAttribute('aria-pressed'), 'true')
    t.equal(await text(page, '.place'), 'at 1, the end')
    t.equal(await text(page, STATE), "fido at version 1 + name 'Fido' + tricks []")
    t.equal(await view(page), 'at 1, up to date Fido 0')
    t.match(
      await text(page, '#timelines-words'),
      /Timeline 2 .* has no event of its own\. It is shown, at event 1 of 1\.$/,
    )
    await press(page, '[')
    await settled(page, 'before the first event')
    await log('school').press('Enter')
    t.strictSame(await page.locator('.entry, .slider').count(), 0, 'on this timeline, nothing has happened there')

    await type(
      page,
      1,
      "const noon = new DogSchool(); await noon.registerDog('Fido'); await school.registerDog('Rex'); await school.registerDog('Max')",
    )
    await press(page, 'Control+Enter')
    await settled(page, 'event 1, Registered: Fido is here')
    t.equal(await log('noon').getAttribute('aria-pressed'), 'true', 'what has run is shown')
    const badges = (): Promise<[string, string | null][]> =>
      cell(page, 1)
        .locator('.badge')
        .evaluateAll((all: Page[]) => all.map((each) => [each.textContent, each.getAttribute('href')]))
    t.strictSame(
      await badges(),
      [
        ['+1 Registered · rex v1', null],
        ['+1 Registered · max v1', null],
        ['+1 Registered · fido v1', '#event-1'],
      ],
      'a badge leads to its own event, or nowhere if that is in another log',
    )

    await log('school').press('Enter')
    await settled(page, '2 events')
    const seen = [await text(page, '.which'), await text(page, STATE), await view(page)]
    t.strictSame(seen.slice(1), ["max at version 1 + name 'Max' + tricks []", 'at 2, up to date Rex 0 Max 0'])
    await page.reload()
    await page.locator('.view').waitFor()
    await settled(page, '2 events')
    t.strictSame(
      [await text(page, '.which'), await text(page, STATE), await view(page)],
      seen,
      'loaded again, the log that was opened is open, with its state and its view',
    )
    await log('noon').press('Enter')
    await settled(page, '1 event')
    t.match(await text(page, STATE), /^fido at version 1 A cell made this store in memory, so .* Run them$/)
    await log('school').press('Enter')
    await settled(page, '2 events')
  })

  await t.test('in a drawer, where it is narrow', async (t) => {
    await page.setViewportSize({ width: 360, height: 740 })
    t.equal(await page.locator('.slider:visible, .state:visible, .view:visible').count(), 0)
    await page.getByRole('button', { name: 'Show', exact: true }).press('Enter')
    t.equal(await page.locator('.slider:visible, .state:visible, .view:visible').count(), 3)
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)
    await page.getByRole('button', { name: 'Hide' }).press('Enter')
    await page.setViewportSize(wide)
  })

  await t.test('of 10,000 events, those are drawn that can be seen', async (t) => {
    await beginLesson(page, 5)
    await type(
      page,
      1,
      "const dog = new Dog('Fido'); for (let n = 1; n < 10_000; n++) dog.addTrick('trick ' + n); await school.save(dog)",
    )
    await press(page, 'Control+Enter')
    await settled(page, 'event 10000')
    t.equal(
      await page.locator('.came').textContent(),
      'events 1 to 10000; the last: event 10000, TrickAdded: Fido now knows 9,999 tricks',
    )
    t.equal(await page.locator('.state .left-out').textContent(), '… 9,993 more', 'which is no code')
    t.strictSame(
      await page.evaluate(
        "[...document.querySelectorAll('.position')].filter((each) => each.scrollWidth > each.clientWidth)",
      ),
      [],
      'a number has its room',
    )
    const inList = async (position: number) =>
      await page.evaluate(`(() => {
        const [one, all] = ['event-${position}', 'log'].map((id) => document.getElementById(id)?.getBoundingClientRect())
        return one !== undefined && one.top >= all.top - 1 && one.bottom <= all.bottom + 1
      })()`)
    /** The list is whole, though most of it is said in a line for many. */
    const isWhole = async () => {
      const items: [number, string][] = await page
        .locator('.entries li')
        .evaluateAll((all: Page[]) =>
          all.map((each) => [each.value, each.className === 'undrawn' ? each.textContent : '']),
        )
      let next = 1
      for (const [value, line] of items) {
        if (value !== next) return `${value} follows ${next - 1}`
        next = line ? Number(/events \d+ to (\d+)/.exec(line)?.[1]) + 1 : next + 1
      }
      return `1 to ${next - 1}`
    }
    const few = async () => {
      const drawn = await page.locator('.entry').count()
      t.ok(drawn > 0 && drawn < 200, `${drawn} are drawn`)
      t.equal(await isWhole(), '1 to 10000')
    }
    await few()
    await cell(page, 1).getByRole('button', { name: 'Close' }).press('Enter')
    await press(page, '[')
    await settled(page, 'event 9999')
    t.ok(await inList(9999))
    await few()
    await page.getByRole('slider', { name: 'Position' }).fill('5000')
    await settled(page, 'event 5000')
    t.ok(await inList(5000))
    await few()
    t.equal(
      await text(page, STATE),
      "fido at version 5000 name 'Fido' tricks [ 'trick 1', 'trick 2', 'trick 3', … 4,993 more, 'trick 4997', 'trick 4998', + 'trick 4999' ]",
    )
    t.equal(await view(page), 'at 5000, up to date Fido 4999')
    await page.getByRole('slider', { name: 'Position' }).press('End')
    await settled(page, 'event 10000')
    await page.locator('.badge').first().press('Enter')
    await page.locator('#event-1:focus').waitFor()
    await few()

    await page.reload()
    await page.locator('#event-10000').waitFor()
    t.ok(await inList(10000), 'loaded again, what was recorded last is in sight')
    t.equal(await page.evaluate('scrollY'), 0, 'and the page is at its beginning')
    await few()

    await page.getByRole('button', { name: 'Save & share' }).press('Enter')
    await page.getByRole('button', { name: /^Begin again/ }).press('Enter')
    await page.locator('.timelines svg').first().waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
    await page.setViewportSize({ width: 1000, height: 900 })
    // A database that was brought in has the name of its file.
    const isOutside = await page.evaluate(`(() => {
      const [panel, name] = ['aside', '.names button'].map((each) => document.querySelector(each))
      const more = document.createTextNode(' dog-school-7.db')
      name.append(more)
      const right = name.getBoundingClientRect().right
      more.remove()
      return right > panel.getBoundingClientRect().right
    })()`)
    t.notOk(isOutside, 'beside as many events as have room, the names of timelines have theirs')
    await page.setViewportSize(wide)
  })

  t.strictSame(faults, [])
}
