/** "Your turn" on the page: lessons are solved by keyboard alone, and nothing that was written is lost. */
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { lessons, textOf } from '../../src/checkpoints/folders'
import { builtNotebook } from '../../src/cli/build-notebook'
import { serveFolder } from '../../src/cli/serve-folder'
import { readNotebook } from '../../src/course/notebook'
import { report } from '../../src/course/report'
import { blocksOf, levelsOf, wordsAndCode } from '../../src/notebook/page/turn/blocks'
import { isTask, taskOnPage } from '../../src/notebook/page/turn/task'
import { patience, started, unlessChromium } from '../browser/chromium'
import { anotherBuild } from './builds'
import { announcementsOf, focusOf } from './heard'
import { cell, goToLesson, type Page, run, type } from './page'

process.env.DOG_SCHOOL_HOME = t.testdir()
t.setTimeout(1_200_000)

t.test('the task says what to do on the page, and names no terminal', async (t) => {
  for (const lesson of lessons()) {
    const { pieces } = readNotebook(textOf(lesson, 'lesson.md'))
    const tasks = pieces.map(({ prose }) => prose).filter(isTask)
    t.equal(tasks.length, 1, lesson.name)
    const shown = taskOnPage(tasks[0] as string)
    t.notMatch(shown, /my-school\/|npm run|prompt|`\.\w+`|```sh/, lesson.name)
    t.match(shown, /At first this is supposed to fail/, lesson.name)
  }
})

t.test('the lines of a verdict are drawn as what they are', async (t) => {
  const told = {
    lesson: 2,
    folder: 'my-school/2',
    isNew: false,
    hints: new Map([['late', ['Why?', 'There.', '```ts\nthis\n```']]]),
    messages: new Map([
      ['class', 'There is a `Dog`.'],
      ['learns', 'He learns.'],
      ['dog:lazy', 'He forgets.'],
    ]),
    level: 1,
    printed: 'one\n\ntwo\n',
    from: 'watch' as const,
    next: 'Go on.',
  }
  const place = { file: 'dog.ts', line: 3, column: 7, code: 'if (', mark: 3 }
  const slip = {
    check: 'learns',
    hint: 'late',
    dog: 'lazy',
    did: 'const fido = 1\nfido',
    expected: '[]',
    came: '[\n  1\n]',
    complaint: { obstacle: 'types', message: 'No.\n  Not this.', place } as const,
  }
  const blocks = blocksOf(report({ ...told, verdict: { outcome: 'not yet', passed: ['class'], slip } }))
  t.strictSame(blocks, [
    { kind: 'good', texts: ['There is a `Dog`.'] },
    { kind: 'bad', texts: ['Not true yet: He learns.'] },
    {
      kind: 'fields',
      fields: [
        { name: 'the dog', text: 'He forgets.', isCode: false },
        { name: 'ran', text: 'const fido = 1\nfido', isCode: true },
        { name: 'expected', text: '[]', isCode: false },
        { name: 'got', text: '[\n  1\n]', isCode: false },
        { name: 'types', text: 'dog.ts:3:7 · No.\n  Not this.\n  if (\n     ^', isCode: false },
      ],
    },
    { kind: 'hint', title: 'Hint 1 of 3', markdown: 'Why?' },
    { kind: 'said', text: 'It is checked again when you save.' },
    { kind: 'printed', title: 'What your code printed:', text: 'one\n\ntwo' },
  ])
  t.equal(levelsOf(blocks), 3)
  const [ran, where] = blocksOf(
    report({ ...told, verdict: { outcome: 'not yet', passed: [], slip: { ...slip, place } } }),
  )
    .flatMap((block) => (block.kind === 'fields' ? block.fields : []))
    .filter(({ name }) => name === 'ran' || name === 'where')
    .map(wordsAndCode)
  t.strictSame(where, { words: 'dog.ts:3:7 · ', code: 'if (' }, 'the code of a place is code')
  t.strictSame(ran, { words: 'const fido = 1\nfido', code: '' })
  const trouble = { obstacle: 'syntax', message: "',' expected.", place } as const
  t.strictSame(blocksOf(report({ ...told, printed: '', verdict: { outcome: 'unloadable', passed: [], trouble } })), [
    { kind: 'bad', texts: ['This is not valid TypeScript yet.'] },
    { kind: 'told', text: "dog.ts:3:7 · ',' expected.\n  if (\n     ^\n" },
    { kind: 'said', text: 'It is checked again when you save.' },
  ])
  t.strictSame(blocksOf(report({ ...told, verdict: { outcome: 'passed', passed: ['class', 'learns'] } })), [
    { kind: 'good', texts: ['There is a `Dog`.', 'He learns.'] },
    { kind: 'passed', text: 'Passed. That was lesson 2.' },
    { kind: 'said', text: 'Go on.' },
  ])
})

/** CodeMirror puts what it does not show far above the page, and what it shows there at first. */
const comesInSight = async (shown: Page): Promise<boolean> => {
  const end = performance.now() + patience
  for (;;) {
    if (((await shown.boundingBox())?.y ?? -1) >= 0) return true
    if (performance.now() > end) return false
  }
}

t.test('in Chromium', unlessChromium, async (t) => {
  const { address, close } = await serveFolder(await builtNotebook())
  t.teardown(close)
  const context = await started(t as unknown as Test)
  const page: Page = await context.newPage()
  const faults: string[] = []
  const watch = (page: Page) => {
    page.on('pageerror', (error: Error) => faults.push(String(error)))
    page.on('console', (message: Page) => {
      if (['error', 'warning'].includes(message.type())) faults.push(message.text())
    })
  }
  watch(page)

  let visits = 0
  /** A lesson up to "Your turn", as somebody finds it who was never here, unless something is to be kept. */
  const visit = async (lesson: number, { keeping = false, on = page } = {}) => {
    if (!keeping && on.url() !== 'about:blank') await on.evaluate('localStorage.clear()')
    await on.goto(`${address}?${++visits}#${lesson}`)
    await toTurn(on)
    await editor(on).waitFor()
  }
  /** Another lesson, on the page that is open. */
  const goOn = async (lesson: number) => {
    await goToLesson(page, lesson)
    await toTurn(page)
    await editor(page).waitFor()
  }
  const { keyboard } = page
  const focused = async (what: Page): Promise<boolean> =>
    await what.evaluate((element: Page) => element.getRootNode().activeElement === element)
  /** Goes on by Tab until it is there. */
  const tabTo = async (what: Page) => {
    const places: string[] = []
    for (let times = 0; times < 80; times++) {
      if ((await what.count()) === 1 && (await focused(what))) return
      await keyboard.press('Tab')
      places.push((await focusOf(page)).name)
    }
    throw new Error(`Tab does not lead to ${what}, but to ${places.join(', ')}`)
  }
  const tab = (name: string, on = page): Page => on.getByRole('tab', { name })
  const button = (name: string | RegExp): Page => turn(page).getByRole('button', { name })
  const standing = (): Promise<string> => turn(page).locator('.bar .status').textContent()
  const said = (): Promise<string> => turn(page).locator('.outcome [role=status]').textContent()
  const code = async (name: string, on = page): Promise<string> => {
    const lines = on.locator(`[id="file-${name}"] .cm-line`)
    await lines.first().waitFor({ state: 'attached' })
    return (await lines.allTextContents()).join('\n')
  }
  /** Checks from where the focus is, and waits for what is said of it. */
  const check = async (expected: string | RegExp) => {
    await keyboard.press('Control+Enter')
    await turn(page).locator('.outcome [role=status]', { hasText: expected }).waitFor()
  }
  /** Chooses what else can be done with the files. */
  const choose = async (name: RegExp) => {
    await page.locator('.menu summary').focus()
    await keyboard.press('Enter')
    // What was kept may still be on its way: Tab would lead past it.
    await button(name).waitFor()
    await tabTo(button(name))
    await keyboard.press('Enter')
  }
  const toEditor = async (name: string) => {
    await tab(name).focus()
    await keyboard.press('Enter')
    await tabTo(editor(page))
  }

  await t.test('hints come one after the other', async (t) => {
    await visit(2)
    await toEditor('dog.ts')
    await check(/^Not true yet: .*Hint 1 of 3/s)
    t.ok(await focused(editor(page)), 'the focus stays')
    await keyboard.press('Escape')
    await tabTo(button('Another hint'))
    await keyboard.press('Enter')
    t.match(await said(), /^Hint 2 of 3: /)
    await tabTo(button('The last hint'))
    await keyboard.press('Enter')
    t.match(await said(), /^Hint 3 of 3: /)
    await page.locator('.since:focus', { hasText: 'That is the last hint' }).waitFor()
    t.equal(await page.locator('.hint').count(), 3)
    t.ok(await turn(page).getByText('That is the last hint on this').isVisible())
  })

  await t.test('the solution is shown when it is asked for, as a difference', async (t) => {
    await button('Solution').focus()
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await keyboard.press('Escape')
    t.equal(await page.locator('.solution').count(), 0)
    t.ok(await focused(button('Solution')), 'the focus is where it was')
    await keyboard.press('Enter')
    await keyboard.press('Enter')
    await page.locator('.solution:focus').waitFor()
    t.match(await page.locator('.solution ins').allTextContents(), ['+   readonly tricks: string[] = []\n'])
  })

  await t.test('a lesson is solved by keyboard alone', async (t) => {
    await tabTo(tab('dog.ts'))
    await keyboard.press('ArrowLeft')
    t.equal(await tab('dog.test.ts').getAttribute('aria-selected'), 'true')
    t.ok(await focused(tab('dog.test.ts')))
    await keyboard.press('End')
    t.equal(await tab('dog.ts').getAttribute('aria-selected'), 'true')
    await tabTo(editor(page))

    await keyboard.press('Control+Home')
    await keyboard.press('End')
    await keyboard.press('Enter')
    await keyboard.type('readonly tricks: string[] = []')
    await keyboard.press('Enter')
    await keyboard.type('addTrick(trick: string) { this.tricks.unshift(trick) ')
    await check('Tricks are in the order in which they were taught.')
    await keyboard.type('const ')
    await check('TypeScript cannot read the file')
    await page.locator('.cm-mistake').waitFor()
    const gutter = (each: Page) => Reflect.get(globalThis, 'getComputedStyle')(each).backgroundColor
    t.match(
      await turn(page).locator('.cm-gutters:visible').evaluate(gutter),
      /^rgb\(/,
      'code that is scrolled sideways goes below the line numbers',
    )
    t.match(await tab('dog.ts').textContent(), '✗')
    await keyboard.press('Control+Backspace')
    t.equal(await page.locator('.cm-mistake').count(), 0, 'a line that was changed is not marked')
    await keyboard.press('Home')
    await keyboard.press('Shift+End')
    await keyboard.type('addTrick(trick: string) { this.tricks.push(trick)')
    const before = page.viewportSize()
    await page.setViewportSize({ width: 360, height: 740 })
    await check('Passed. That was lesson 2.')
    await page.evaluate('new Promise(requestAnimationFrame)')
    const places: Record<string, number> = await page.evaluate(
      "Object.fromEntries(['.verdict .passed', '.go-on', 'aside'].map((each) => [each, document.querySelector(each).getBoundingClientRect()]).flatMap(([name, { top, bottom }]) => [[name + ' top', top], [name, bottom]]))",
    )
    const drawer = places['aside top'] as number
    for (const each of ['.verdict .passed', '.go-on'])
      t.ok(
        (places[each] as number) <= drawer,
        `${each} is not behind the bar of the log: it ends at ${places[each]} of ${drawer}`,
      )
    await page.setViewportSize(before)
    t.equal(await page.getByRole('link', { name: '2 Making the test pass (passed)' }).count(), 1)
    t.equal(await standing(), '✓ passed')
    await keyboard.press('Control+End')
    await keyboard.type('}')
    t.equal(await standing(), 'Ctrl+Enter', 'what has passed is not what is there now')

    await keyboard.press('Escape')
    const further = page.locator('main').getByRole('link', { name: /^Next|lesson 3/ })
    t.equal(await further.count(), 1, 'there is one way on, and not two below each other')
    await tabTo(page.getByRole('link', { name: 'Go on to lesson 3' }))
    await keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Lesson 3 of' }).waitFor()
    t.strictSame(faults, [])
  })

  await t.test('a file is added, renamed, removed, and brought back', async (t) => {
    await goOn(6)
    await tabTo(button('New file'))
    await keyboard.press('Enter')
    await keyboard.type('dog-school')
    await keyboard.press('Enter')
    t.equal(await page.getByRole('dialog').getByRole('alert').textContent(), 'There is a dog-school.ts already.')
    await keyboard.press('Control+a')
    await keyboard.type('hound')
    await keyboard.press('Enter')
    await tab('hound.ts').waitFor()
    await page.locator('[id="file-hound.ts"] .cm-focused').waitFor()
    await keyboard.type('export const bad = true')
    await keyboard.press('Control+a')
    await keyboard.type('export const good = true')
    await choose(/^Rename/)
    await keyboard.type('dog')
    await keyboard.press('Enter')
    await tab('dog.ts').waitFor()
    t.equal(await code('dog.ts'), 'export const good = true')
    await choose(/^Remove/)
    t.strictSame(await page.getByRole('tab').allTextContents(), ['dog-school.ts'])
    await tabTo(button(/^Undo/))
    await keyboard.press('Enter')
    await tab('dog.ts').waitFor()
    t.equal(await code('dog.ts'), 'export const good = true')
    t.strictSame(faults, [])
  })

  await t.test('each keystroke is kept; who begins again can go back', async (t) => {
    await goOn(3)
    await toEditor('dog.ts')
    const start = await code('dog.ts')
    await keyboard.press('Control+Home')
    await keyboard.type('// mine')
    await visit(3, { keeping: true })
    t.match(await code('dog.ts'), /^\/\/ mine/)
    await goOn(2)
    t.equal(await standing(), 'Ctrl+Enter', 'nor after a reload')
    await toEditor('dog.ts')
    await keyboard.press('Control+End')
    await keyboard.press('Backspace')
    t.equal(await standing(), '✓ passed')
    await goOn(3)

    await choose(/^Begin again/)
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    t.equal(await code('dog.ts'), start)
    await choose(/^Earlier versions/)
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    t.match(await code('dog.ts'), /^\/\/ mine/)
  })

  await t.test('what is written on one page is on the other', async (t) => {
    const other: Page = await context.newPage()
    await visit(3, { keeping: true, on: other })
    await toEditor('dog.ts')
    await keyboard.type('// here')
    await other.locator('.cm-line', { hasText: '// here' }).waitFor()
    t.equal(await code('dog.ts', other), await code('dog.ts'))
    await other.close()
  })

  await t.test('where nothing is kept, it says so, and it is there while the page is', async (t) => {
    const other: Page = await context.newPage()
    await other.addInitScript("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })")
    await visit(3, { keeping: true, on: other })
    t.equal(await turn(other).getByText('keeps nothing').count(), 0)
    await editor(other).focus()
    await other.keyboard.type('// here')
    await turn(other).getByText('This browser keeps nothing for this page').waitFor()
    await other.evaluate("location.hash = '#8'")
    await turn(other).waitFor({ state: 'detached' })
    await other.evaluate("location.hash = '#3'")
    await toTurn(other)
    await editor(other).waitFor()
    t.match(await code('dog.ts', other), '// here')
    await other.close()
  })

  await t.test('a check can be stopped, and typing goes on meanwhile', async (t) => {
    await goOn(2)
    await toEditor('dog.ts')
    await keyboard.press('Control+Home')
    await keyboard.type('for (;;) {}\n')
    await keyboard.press('Control+Enter')
    await button('Stop').waitFor()
    const size = page.viewportSize()
    await page.setViewportSize({ width: 360, height: 740 })
    const edges = (): Promise<number[]> =>
      turn(page)
        .locator('.bar > button, .bar summary')
        .evaluateAll((all: Page[]) =>
          all.flatMap((each) => {
            const { left, right, top } = each.getBoundingClientRect()
            return [left, right, top - all[0].getBoundingClientRect().top]
          }),
        )
    const whileChecking = await edges()
    await keyboard.type('let meanwhile\n')
    t.match(await code('dog.ts'), 'let meanwhile')
    await keyboard.press('Escape')
    await button('Check').waitFor()
    t.strictSame(await edges(), whileChecking, 'where it is narrow, no button moves while it checks')
    await page.setViewportSize(size)
    t.ok(await focused(editor(page)))
    await keyboard.press('Control+Enter')
    await button('Stop').waitFor()
    await tabTo(button('Stop'))
    await keyboard.press('Enter')
    await button('Check').waitFor()
    t.ok(await focused(button('Check')))
    t.equal(await page.locator('.verdict').count(), 0)
    await toEditor('dog.ts')
    await keyboard.press('Control+a')
    await keyboard.type('console.log("woof")')
    await check('Not true yet')
    t.equal(await page.locator('.printed pre').textContent(), 'woof')
  })

  await t.test('TypeScript completes, and underlines what is wrong', async (t) => {
    await visit(3)
    await toEditor('dog.ts')
    await keyboard.press('Control+End')
    await keyboard.type("new Dog('Fido').ad")
    // TypeScript is there.
    await page.locator('.cm-lintRange-error', { hasText: 'ad' }).waitFor()
    await keyboard.type('d')
    const offered = page.locator('.cm-tooltip-autocomplete [aria-selected=true]', { hasText: 'addTrick' })
    await offered.waitFor()
    t.ok(await comesInSight(offered))
    // Before that, it takes the key for one that was meant for the text.
    await page.waitForTimeout(100)
    await keyboard.press('Enter')
    await keyboard.type('(1)')
    t.match(await code('dog.ts'), /\.addTrick\(1\)$/)
    await page.locator('.cm-lintRange-error', { hasText: '1' }).waitFor()
    const heard = await announcementsOf(editor(page).locator('..').locator('..').locator('.cm-announced'))
    await keyboard.press('Control+Home')
    await keyboard.press('F8')
    await page.locator('.cm-tooltip-hover', { hasText: "Argument of type 'number'" }).waitFor()
    await heard(/^Line 9: Argument of type 'number'/)
    await keyboard.press('Control+Home')
    for (let times = 0; times < 3; times++) await keyboard.press('Control+ArrowRight')
    await keyboard.press('ArrowLeft')
    await keyboard.press('F1')
    await page.locator('.cm-tooltip-hover', { hasText: 'class Dog' }).waitFor()
    await heard(/^class Dog/)
    t.strictSame(faults, [])
  })

  await t.test('a cell that is edited is told what TypeScript says of it, and runs all the same', async (t) => {
    await goToLesson(page, 5)
    await run(page, 1)
    await type(page, 2, 'await school.getDog(id)')
    const underlined = cell(page, 2).locator('.cm-lintRange-error')
    await keyboard.press('Control+a')
    await keyboard.type('(await school.getDog(id)).tri')
    const offered = cell(page, 2).locator('.cm-tooltip-autocomplete [aria-selected=true]', { hasText: 'tricks' })
    await offered.waitFor()
    t.ok(await comesInSight(offered), 'in an editor of one line, too')
    await keyboard.press('Escape')
    await underlined.filter({ hasText: 'tri' }).waitFor()
    await keyboard.press('F8')
    const says = cell(page, 2).locator('.cm-tooltip-hover', { hasText: "Property 'tri' does not exist" })
    await says.waitFor()
    t.ok(await comesInSight(says))
    await run(page, 2)
    t.match(await cell(page, 2).getByRole('status').textContent(), /^cell 2: done/)
    t.equal(await cell(page, 2).locator('.value code').textContent(), 'undefined')
    const advice = cell(page, 2).locator('.advice')
    await advice.filter({ hasText: "TypeScript, line 1: Property 'tri' does not exist" }).waitFor()
    const aloud = await cell(page, 2).locator('.bar [aria-live]').textContent()
    t.equal(aloud, `cell 2: ${await advice.textContent()}`)
    await type(page, 2, "school.addTrick(id, 'jump')\n'said'")
    await advice.waitFor({ state: 'detached' })
    await run(page, 2)
    t.equal(await cell(page, 2).locator('.badge').textContent(), '+1 TrickAdded · fido v3', 'nobody waits for it')
    await type(page, 1, 'const id = 1')
    await underlined.filter({ hasText: /^id$/ }).waitFor()
    t.strictSame(faults, [])
  })

  await t.test('without CodeMirror, there is a plain field', async (t) => {
    const folder = await without(t, /^codemirror-.*js$/)
    const { address, close } = await serveFolder(folder)
    t.teardown(close)
    const other: Page = await context.newPage()
    await other.goto(`${address}#2`)
    await toTurn(other)
    const field = turn(other)
      .locator('textarea')
      .and(other.getByRole('textbox', { name: 'dog.ts' }))
    await field.focus()
    await other.keyboard.press('Control+Home')
    await other.keyboard.type('// plain\n')
    await other.keyboard.press('Control+Enter')
    await other.locator('.verdict').waitFor()
    t.match(await other.evaluate("localStorage.getItem('dog-school/turn/2')"), '// plain')
    await other.close()
  })
  await t.test('a lesson that changes between two visits: both are shown, and the learner chooses', async (t) => {
    await visit(3)
    await toEditor('dog.ts')
    const start = await code('dog.ts')
    await keyboard.press('Control+Home')
    await keyboard.type('// mine\n')
    const mine = await code('dog.ts')
    await page.goto('about:blank')
    await close()
    const newer = (text: string) => text.replaceAll('addTrick(trick: string) {', '$& // new')
    const folder = await anotherBuild(t, (name, text) => (/^assets.index-.*js$/.test(name) ? newer(text) : text))
    const changed = await serveFolder(folder, Number(new URL(address).port))
    t.teardown(changed.close)
    t.equal(changed.address, address)

    await visit(3, { keeping: true })
    const both = page.getByRole('region', { name: 'The lesson has changed since you began' })
    t.strictSame(await both.locator('ins').allTextContents(), ['+ // mine\n', '+   addTrick(trick: string) { // new\n'])
    t.equal(await code('dog.ts'), mine)
    await visit(3, { keeping: true })
    t.equal(await both.count(), 1, 'until it is answered')
    await tabTo(button('Go on with the lesson’s'))
    await keyboard.press('Enter')
    await both.waitFor({ state: 'detached' })
    t.equal(await code('dog.ts'), newer(start))
    await choose(/^Earlier versions/)
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    t.equal(await code('dog.ts'), mine)
    t.equal(await both.count(), 0)
  })
  await context.close()
})

/** Runs the cells that ask something, and is told: what follows them is there after that. */
async function toTurn(page: Page): Promise<void> {
  const asking = page.locator('.cell', { has: page.locator('.asks, .question') })
  const run = asking.last().getByRole('button', { name: 'Run' })
  const question = page.locator('.question')
  while ((await turn(page).count()) === 0) {
    // What has been answered before, on another page too, asks until the page knows that.
    await turn(page).or(run).first().waitFor()
    await run.evaluateAll(([found]: Page[]) => found?.click())
    await turn(page).or(question).first().waitFor()
    if ((await question.count()) === 0) continue
    await question.getByRole('button', { name: 'Show me' }).dispatchEvent('click')
    await question.waitFor({ state: 'detached' })
  }
}

/** The notebook without such files. */
async function without(t: Test, name: RegExp): Promise<string> {
  const folder = join(t.testdir(), 'notebook')
  cpSync(await builtNotebook(), folder, { recursive: true })
  for (const file of readdirSync(join(folder, 'assets')).filter((each) => name.test(each)))
    rmSync(join(folder, 'assets', file))
  return folder
}

const turn = (page: Page): Page => page.getByRole('region', { name: 'Your turn' })
/** The one whose tab is shown. */
const editor = (page: Page): Page => turn(page).locator('[role=tabpanel]:not([hidden]) .cm-content')
