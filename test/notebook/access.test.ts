/** The page is for everybody: axe finds nothing, and it is read, run and solved by keyboard alone, and by ear. */
import { source as axe } from 'axe-core'
import t from 'tap'
import { unlessChromium } from '../browser/chromium'
import { focusOf, heard, listen, outline, pressed } from './heard'
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
  ran,
  run,
  runCells,
  type,
} from './page'

process.env.DOG_SCHOOL_HOME = t.testdir()
t.setTimeout(1_200_000)

const wide = { width: 1440, height: 900 }
const narrow = { width: 360, height: 740 }

/** Runs on the page. The hidden frame, where workers begin, shows nothing. */
const look = `axe.run(document, { iframes: false, resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target.flat().join(' '))))`

let looks = 0
/** What axe has to say of the page as it is, at both widths and in both schemes: every other time, the other two pairs of them. */
async function findings(page: Page): Promise<string[]> {
  const found: string[] = []
  const schemes = looks++ % 2 === 0 ? ['light', 'dark'] : ['dark', 'light']
  for (const [at, size] of [narrow, wide].entries()) {
    const colorScheme = schemes[at]
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme })
    const says = (what: string) => `${size.width}, ${colorScheme}: ${what}`
    found.push(...((await page.evaluate(look)) as string[]).map(says))
    const width = await page.evaluate('document.documentElement.scrollWidth')
    if (width > size.width) found.push(says(`it is ${width} pixels wide`))
  }
  await page.emulateMedia({ colorScheme: 'light' })
  return found
}

/** Lesson 5, all of whose cells have run, after a first check. */
const whatIsFound = `link "Skip to the lesson"
banner
  navigation "Lessons"
        link "1 Setting up the project"
        link "2 Making the test pass"
        link "3 Implementing event sourcing"
        link "4 Testing the aggregate"
        link "5 Implementing application methods"
        link "6 Adding more functionality"
        link "7 Implementing persistence"
main
  heading "Lesson 5 of 7 : Implementing application methods" [level=1]
  region "cell 1"
      link "+1 Registered · fido v1"
      link "+1 TrickAdded · fido v2"
    status: "cell 1: done: shows '<id>'; shows { name: 'Fido', tricks: [ 'roll over' ] }"
    button "Edit cell 1"
    button "Run again cell 1"
  region "cell 2"
    status: "cell 2: done: shows [ 'roll over', 'play dead' ]"
    button "Edit cell 2"
    button "Run again cell 2"
  region "cell 3"
    status: "cell 3: done: shows [ 'roll over' ]"
    button "Edit cell 3"
    button "Run again cell 3"
  region "cell 4"
      link "+1 TrickAdded · fido v3"
    status: "cell 4: done: shows { name: 'Fido', tricks: [ 'roll over', 'play dead' ] }"
    button "Edit cell 4"
    button "Run again cell 4"
  heading "Your turn" [level=2]
  region "Your turn"
    tablist "Files"
      tab "dog-school.ts" [selected]
    button "New file"
    tabpanel "dog-school.ts"
      textbox "dog-school.ts"
    button "Check"
    button "Solution"
    group: More for these files
    status: "Not true yet: dog-school.ts exports Dog and DogSchool. ran: import { DogSchoo
    region "Hint 1 of 3"
      heading "Hint 1 of 3" [level=3]
    button "Another hint"
  link "Next : 6 · Adding more functionality"
complementary "Log"
  heading "Log" [level=2]
  button "Save & share"
  region "Events"
    heading "cell 1" [level=3]
    heading "cell 4" [level=3]
  group "A position of the log"
    button "One event back"
    slider "Position": "3"
    button "One event forward" [disabled]
    checkbox "Keys: [ back, ] forward" [checked]
    group: What is the slider?
  group
    heading "View" [level=2]
    group "Rows of the view"
      table "A reader of the log that counts each dog’s tricks"
    button "Stop the view"
    button "Step the view" [disabled]
    button "Catch up the view" [disabled]
    button "Rebuild the view"
    group: What is a view?
  region "State"
    heading "fido at version 3" [level=2]
    group: What is this state?`

t.test('in Chromium', unlessChromium, async (t) => {
  const { page, context, faults, address } = await openedNotebook(t)
  await page.setViewportSize(wide)
  const { keyboard } = page
  const turn = page.getByRole('region', { name: 'Your turn' })
  const code = turn.locator('[role=tabpanel]:not([hidden]) .cm-content')
  const verdict = (says: string) => turn.locator('.outcome [role=status]', { hasText: says }).waitFor()
  const focused = (what: Page) => what.and(page.locator(':focus')).waitFor()

  let visits = 0
  /** A lesson as somebody finds it who was never here. */
  const open = async (lesson: number) => {
    await forget(page)
    await page.evaluate('localStorage.clear()')
    await page.goto(`${address}?${++visits}#${lesson}`)
    await lessonIsOpen(page, lesson)
  }
  /** Presses a key, and looks where the focus is then. */
  const key = async (name: string): Promise<string> => {
    const { name: place, wrong } = await pressed(page, name)
    if (wrong) t.fail(`after ${name}, the focus is ${wrong}: ${place}`)
    return place
  }
  const tabTo = async (name: string, by = 'Tab'): Promise<void> => {
    for (let times = 0; times < 60; times++) {
      if ((await focusOf(page)).name.startsWith(name)) return
      await key(by)
    }
    throw new Error(`${by} does not lead to ${name}`)
  }

  await t.test('axe finds nothing', async (t) => {
    await page.evaluate(axe)
    const clean = async (what: string) => t.strictSame(await findings(page), [], what)
    for (const lesson of [1, 2, 3, 4, 5, 6, 7]) {
      await goToLesson(page, lesson)
      await clean(`in lesson ${lesson}, fresh`)
    }
    await run(page, 1)
    await press(page, 1, 'Show me')
    await page.locator('.take-home').waitFor()
    t.notMatch(
      await page.locator('.take-home').textContent(),
      /README|repository/,
      'the page knows no address of these',
    )
    await clean('at the end of the course')
    await beginLesson(page, 5)
    await run(page, 3)
    await page.locator('.question').waitFor()
    await page.locator('.question input').fill('ture')
    await keyboard.press('Enter')
    await page.getByText('Did you mean').waitFor()
    await clean('when a question waits, and is asked again')
    await press(page, 3, 'Show me')
    await ran(page, 3)
    await page.getByRole('button', { name: 'Stop the view' }).press('Enter')
    await page.locator('.view .lag', { hasText: 'stopped' }).waitFor()
    await run(page, 4)
    await page.locator('.view .lag', { hasText: 'behind' }).waitFor()
    await page.getByRole('button', { name: 'Save & share' }).press('Enter')
    await clean('when all cells have run, the view lags behind, and a menu is open')
    await keyboard.press('Escape')
    await run(page, 4)
    await page.getByRole('button', { name: 'Timeline 2' }).waitFor()
    await page.getByRole('checkbox', { name: /, t other timeline$/ }).waitFor()
    await keyboard.press('[')
    await page.locator('.moment').first().waitFor()
    await clean('when there are two timelines, and the slider is pulled back')
    await type(page, 1, "for (let at = 0; at < 99; at++) console.log('here'); null.x")
    await run(page, 1)
    const long = page.getByRole('group', { name: 'What cell 1 printed' })
    const stops = cell(page, 1).locator('.steps [tabindex]')
    t.equal(await stops.and(long).count(), 1, 'what scrolls can be reached, and has a name')
    t.equal(await stops.count(), 1, 'what does not scroll is no stop')
    t.strictSame(await cell(page, 1).locator('.lines').allTextContents(), ['99 lines'], 'and says how much there is')
    await type(page, 2, '1')
    await cell(page, 4).getByText('Out of date').waitFor()
    await clean('where there is a problem, cells are stale, and one is edited')
    await page.setViewportSize(narrow)
    await page.getByRole('button', { name: 'Show', exact: true }).press('Enter')
    await clean('in the drawer of the log')

    await beginLesson(page, 2)
    await runCells(page)
    await code.focus()
    await keyboard.press('Control+Enter')
    await verdict('Hint 1 of 3')
    await turn.getByRole('button', { name: 'Another hint' }).press('Enter')
    await turn.getByRole('button', { name: 'The last hint' }).press('Enter')
    await page.locator('.since:focus').waitFor()
    await turn.getByRole('button', { name: 'Solution' }).press('Enter')
    await clean('in a question')
    await keyboard.press('Enter')
    await page.locator('.solution').waitFor()
    await turn.locator('.menu summary').press('Enter')
    await clean('in a bad verdict with all hints, the solution, and a menu')
    await keyboard.press('Escape')
    await turn.getByRole('button', { name: 'New file' }).press('Enter')
    await keyboard.type('dog')
    await keyboard.press('Enter')
    await page.getByText('There is a dog.ts already').waitFor()
    await clean('where a name is refused')
    await keyboard.press('Escape')
    const ways = turn.locator('.leaving:visible')
    t.equal(await ways.count(), 0)
    await code.focus()
    t.equal(await ways.count(), 1, 'whoever is in the editor sees the way out')
    await keyboard.press('Control+Home')
    await keyboard.type('cons')
    await turn.locator('.cm-tooltip-autocomplete').waitFor()
    await clean('in completions')
    await keyboard.press('Escape')
    await keyboard.type('ole.log(1); const one: string = 1; ')
    await turn.locator('.cm-lintRange-error').first().waitFor()
    await keyboard.press('F8')
    await keyboard.press('Control+Enter')
    await turn.locator('.printed').waitFor()
    await clean('in what was printed, and an error of TypeScript')

    await page.evaluate(`{
      const made = Object.assign(document.createElement('button'), { textContent: '', className: 'place' })
      const pale = Object.assign(document.createElement('p'), { textContent: 'pale', id: 'pale' })
      pale.style.color = '#999'
      document.querySelector('main').append(made, pale)
    }`)
    const wrong = await findings(page)
    for (const says of [/^360, \w+: button-name/, /^1440, \w+: button-name/, /, light: color-contrast: #pale/])
      t.ok(
        wrong.some((each) => says.test(each)),
        `but what is wrong: ${says}`,
      )
  })

  await t.test('nor in what is said when something is not as it should be', async (t) => {
    /** Another page of this browser, in which scripts begin with this. */
    const another = async (place: string, begin = ''): Promise<Page> => {
      const other: Page = await context.newPage()
      other.setDefaultTimeout(20_000)
      await other.addInitScript(begin)
      await other.goto(address + place)
      return other
    }
    const clean = async (other: Page, what: string) => {
      await other.locator('.notice, [role=alert]').first().waitFor()
      await other.evaluate(axe)
      t.strictSame(await findings(other), [], what)
      await other.close()
    }
    await open(5)
    await run(page, 1)
    await clean(await another('#5'), 'in a tab that can only read')
    await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new DOMException("denied"))')
    await page.getByRole('button', { name: 'Save & share' }).press('Enter')
    await page.getByRole('button', { name: /^Copy a link/ }).press('Enter')
    const link: string = await page.locator('.keep-link').inputValue()
    await page.evaluate(axe)
    t.strictSame(await findings(page), [], 'where the clipboard is refused')
    await keyboard.press('Escape')
    await goToLesson(page, 6)
    await clean(await another(link.slice(address.length)), 'where a notebook came with a link')
    await clean(await another('#5:no'), 'where a link is broken')

    const full = await another(
      '#5',
      "IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') }",
    )
    await run(full, 2)
    await clean(full, 'where nothing more is kept')

    const broken = await another(
      '#2',
      "globalThis.Worker = class { constructor() { throw new Error('there is none') } }",
    )
    await broken.locator('.broken').waitFor()
    await broken.locator('.turn').getByRole('button', { name: 'Check' }).press('Enter')
    await broken.locator('.failed').waitFor()
    await clean(broken, 'where neither cells nor checks can run')
  })

  await t.test('lesson 2 is read, run and solved by keyboard alone', async (t) => {
    await open(2)
    t.equal(await key('Tab'), 'Skip to the lesson')
    await keyboard.press('Enter')
    await page.locator('main:focus').waitFor()
    t.equal((await focusOf(page)).wrong, '')
    await tabTo('▸ Run cell 1')
    t.match(await key('Enter'), /^▸ Run( again)? cell 1$/)
    await ran(page, 1)
    await tabTo('▸ Run cell 2')
    await keyboard.press('Enter')
    await page.locator('input:focus').waitFor()
    await keyboard.type("[ 'roll over' ]")
    t.equal(await key('Enter'), 'cell 2')
    await cell(page, 2).locator('.said', { hasText: 'You were right' }).waitFor()
    await tabTo('▸ Run cell 3')
    await key('Enter')
    await ran(page, 3)
    await tabTo('dog.ts')
    await tabTo('+ New file')
    t.equal(await key('Tab'), 'dog.ts', 'the editor')
    await key('Control+Enter')
    await verdict('Hint 1 of 3')
    await tabTo('Another hint')
    await key('Enter')
    await keyboard.press('Enter')
    await page.locator('.since:focus').waitFor()
    // The place in the verdict is a link, `dog.ts:1:14`.
    await tabTo('▸ Check', 'Shift+Tab')
    await tabTo('dog.ts', 'Shift+Tab')
    await keyboard.press('Control+Home')
    await keyboard.press('End')
    await keyboard.type('\ntricks: string[] = []\naddTrick(trick: string) { this.tricks.push(trick)')
    await key('Control+Enter')
    await verdict('Passed. That was lesson 2.')
    // What is partly behind the bar at the top is taken for too small.
    await page.evaluate('scrollTo(0, 0)')
    await page.evaluate(axe)
    t.strictSame(await findings(page), [], 'axe finds nothing where it has passed')
    await tabTo('Go on to lesson 3')
    await keyboard.press('Enter')
    await lessonIsOpen(page, 3)
    await page.locator('main:focus').waitFor()
  })

  await t.test('so is lesson 1, whose answer is a test', async () => {
    await open(1)
    await page.getByRole('link', { name: '1 Setting up' }).focus()
    await tabTo('▸ Run cell 3')
    await keyboard.press('Enter')
    await page.locator('input:focus').waitFor()
    await tabTo('Show me')
    await key('Enter')
    await ran(page, 3)
    await turn.waitFor()
    await tabTo('+ New file')
    await key('Tab')
    await key('Control+Enter')
    await verdict('Hint 1 of 3')
    await keyboard.press('Control+End')
    for (const name of ['ArrowUp', 'ArrowUp', 'End']) await keyboard.press(name)
    for (const line of [
      "fido.addTrick('roll over')",
      "fido.addTrick('play dead')",
      "t.strictSame(fido.tricks, ['roll over', 'play dead'])",
    ])
      await keyboard.type(`\n${line}`)
    await key('Control+Enter')
    await verdict('Passed. That was lesson 1.')
  })

  /** Lesson 5, up to its question, which has been answered. */
  const openAnswered = async () => {
    await open(5)
    await run(page, 3)
    await press(page, 3, 'Show me')
    await ran(page, 3)
  }

  await t.test('Tab leads to everything, and back, and never out of sight', async (t) => {
    await openAnswered()
    await run(page, 4)
    await press(page, 4, 'Run again')
    await page.getByRole('button', { name: 'Timeline 2' }).waitFor()
    await press(page, 1, 'Edit')
    await code.waitFor()
    for (const size of [wide, narrow]) {
      await page.setViewportSize(size)
      if (size === narrow) await page.getByRole('button', { name: 'Show', exact: true }).press('Enter')
      const walked = async (by: string, from: string) => {
        await page.locator(from).click()
        const places: string[] = []
        for (let times = 0; times < 80; times++) {
          const { name, wrong } = await pressed(page, by)
          // Before the first and behind the last, it is not on the page.
          if (name === 'nothing') break
          places.push(wrong ? `${wrong}: ${name}` : name)
        }
        return places
      }
      const there = await walked('Tab', 'h1')
      t.strictSame(
        there.filter((each) => /^(out of sight|not drawn)/.test(each)),
        [],
      )
      t.ok(there.length > 30, `${there.length} places`)
      t.strictSame(there.slice(-2), ['State', '?What is this state?'])
      const back = (await walked('Shift+Tab', '.state h2')).reverse()
      t.strictSame([...back, ...there.slice(-2)].slice(-there.length), there)
    }
    await page.setViewportSize(wide)
  })

  await t.test('what is beside the cells is moved by keys, and those of one letter can be switched off', async (t) => {
    const place = (says: string) => page.locator('.place', { hasText: says }).waitFor()
    const slider = page.getByRole('slider', { name: 'Position' })
    await slider.focus()
    for (const [name, says] of Object.entries({ Home: 'at 0 of 3', ArrowRight: 'at 1 of 3', End: 'at 3, the end' })) {
      await key(name)
      await place(says)
    }
    await key('[')
    await place('at 2 of 3')
    await key('t')
    await page.getByRole('button', { name: 'Timeline 1', pressed: true }).waitFor()
    await place('at 3, the end')
    await tabTo('Keys')
    await key('Space')
    await key('[')
    await key('t')
    t.equal(await page.locator('.place').textContent(), 'at 3, the end')
    t.equal(await page.getByRole('button', { name: 'One event back' }).getAttribute('aria-keyshortcuts'), null)
    await page.reload()
    await slider.focus()
    await key('[')
    t.equal(await page.locator('.place').textContent(), 'at 3, the end', 'also the next time')
    await tabTo('Keys')
    await key('Space')
    await key('[')
    await place('at 2 of 3')
    await tabTo('View')
    await key('Enter')
    t.match(await key('Tab'), /^State/, 'what is closed is left out')
    await tabTo('View', 'Shift+Tab')
    await key('Enter')
    t.match(await key('Tab'), /Rows of the view/)
  })

  await t.test('who presses what goes away is still beside the log', async (t) => {
    await beginLesson(page, 7)
    await runCells(page)
    await page.reload()
    await page.getByRole('button', { name: 'The log of morning' }).press('Enter')
    await page.getByRole('button', { name: 'Run them' }).focus()
    t.equal(await key('Enter'), 'State')
    await page.locator('.state dl').waitFor()
  })

  await t.test('who hears the page hears everything once, and finds the way', async (t) => {
    await openAnswered()
    await page.getByText('2 events, nothing new').waitFor()
    await listen(page)
    await run(page, 4)
    await page.getByText('event 3, TrickAdded: Fido now knows 2 tricks').waitFor()
    t.same(
      new Set(await heard(page)),
      new Set([
        "cell 4: done: shows { name: 'Fido', tricks: [ 'roll over', 'play dead' ] }",
        'event 3, TrickAdded: Fido now knows 2 tricks',
      ]),
    )
    await keyboard.press('[')
    await page.getByText('event 2, TrickAdded: Fido now knows 1 trick').waitFor()
    t.strictSame(await heard(page), ['event 2, TrickAdded: Fido now knows 1 trick'])
    await keyboard.press(']')
    await page.getByText('event 3, TrickAdded: Fido now knows 2 tricks').waitFor()
    await heard(page)
    await code.focus()
    await keyboard.press('Control+Enter')
    await verdict('Hint 1 of 3')
    t.match(await heard(page), [/^Not true yet: .*Hint 1 of 3: /s])
    t.equal(await outline(page), whatIsFound)
    await goToLesson(page, 6)
    await goToLesson(page, 5)
    await page.getByText('3 events, nothing new').waitFor()
    await turn.getByText('Hint 1 of 3').waitFor()
    t.strictSame(await heard(page), [], 'and nothing again when one comes back')
    t.equal(await page.getByRole('region', { name: 'Events' }).getByRole('listitem').count(), 3, 'the log is a list')
    const names: string[] = await page
      .getByRole('button')
      .evaluateAll((all: Page[]) => all.map((each) => each.ariaLabel ?? each.textContent))
    t.strictSame([...new Set(names)], names, 'no two buttons have one name')
  })

  await t.test('where nothing is to move, nothing does', async (t) => {
    const moving = `document.getAnimations().filter((each) => each.effect.getComputedTiming().activeDuration > 0).length`
    const whenEventsCome = async () => {
      await beginLesson(page, 5)
      await run(page, 1)
      await page.locator('.entry.new').first().waitFor()
      return (await page.evaluate(moving)) as number
    }
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    t.equal(await whenEventsCome(), 2)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    t.equal(await whenEventsCome(), 0)
    const slow = `[...document.querySelectorAll('*')].filter((each) => /[1-9]/.test(getComputedStyle(each).transitionDuration)).length`
    t.equal(await page.evaluate(slow), 0)
    t.equal(await page.evaluate('getComputedStyle(document.documentElement).scrollBehavior'), 'auto')
    await page.emulateMedia({ reducedMotion: null })
  })

  await t.test('the focus is not lost with what is closed, or goes away', async (t) => {
    await open(2)
    await run(page, 2)
    await press(page, 2, 'Show me')
    await ran(page, 2)
    await turn.locator('.menu summary').focus()
    await key('Enter')
    t.match(await key('Tab'), /^Rename/)
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    t.match(await key('Escape'), /^More/)
    await key('Enter')
    await key('Tab')
    t.match(await key('Escape'), /^More/)
    await code.click()
    await turn.locator('.menu summary').click()
    await turn.getByRole('button', { name: 'Rename' }).waitFor()
    t.match(await key('Escape'), /^More/, 'nothing moves away from a click when the editor loses the focus')
    await key('Shift+Tab')
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await keyboard.press('Enter')
    await page.locator('.solution:focus').waitFor()
    t.equal((await focusOf(page)).wrong, '')
    await tabTo('Hide the solution')
    await keyboard.press('Enter')
    await focused(turn.getByRole('button', { name: 'Solution' }))
    await type(page, 1, '1')
    await button(page, 1, 'Lesson’s code').focus()
    t.equal(await key('Enter'), 'cell 1')
  })
  t.strictSame(faults, [])
  await context.close()
})
