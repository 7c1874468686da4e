/** The worker of the notebook, in Chromium: each lesson shows what it shows at the prompt. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createBirpc } from 'birpc'
import t, { type Test } from 'tap'
import { builtNotebook } from '../../src/cli/build-notebook'
import { serveFolder } from '../../src/cli/serve-folder'
import type { NotebookWorker, Ran } from '../../src/notebook/protocol'
import { render } from '../../src/repl/render/render'
import type { Reply } from '../../src/repl/session/reply'
import { started, unlessChromium } from '../browser/chromium'
import { plain, sit } from '../repl/sitting'

process.env.DOG_SCHOOL_HOME = join(t.testdir(), 'my-school')

/** Said to each question; it is right in some lessons. */
const guess = '2'
const look = { ...plain, width: 76 }

/** The worker on a page of the same site, whose own script is not there. */
async function startedWorker(t: Test): Promise<NotebookWorker> {
  const folder = await builtNotebook()
  const { address, close } = await serveFolder(folder)
  t.teardown(close)
  const script = readdirSync(join(folder, 'assets')).find((name) => /^worker-.*\.js$/.test(name))
  const page = await (await started(t)).newPage()
  let hear = (_: unknown): void => {}
  await page.exposeFunction('hear', (message: unknown) => hear(message))
  await page.route('**/blank', (route: { fulfill(answer: object): void }) =>
    route.fulfill({ contentType: 'text/html', body: '' }),
  )
  await page.goto(`${address}blank`)
  await page.evaluate(`
    var worker = new Worker('assets/${script}', { type: 'module' })
    worker.onmessage = ({ data }) => hear(data)
  `)
  return createBirpc<NotebookWorker>(
    {},
    {
      post: (message) =>
        page.evaluate(
          (sent: unknown) => (globalThis as unknown as { worker: Worker }).worker.postMessage(sent),
          message,
        ),
      on: (heard) => {
        hear = heard
      },
      timeout: -1,
    },
  ) as unknown as NotebookWorker
}

interface Worker {
  postMessage(message: unknown): void
}

/** What the cell of a piece showed at the prompt, without the prose before it and the place behind it. */
function cellIn(reply: Reply): string {
  const parts = partsOf(reply)
  return alike(
    parts
      .slice(parts.findLastIndex(({ kind }) => kind === 'prose') + 1)
      .filter(({ kind }) => kind !== 'report')
      .map((part) => (part.kind === 'cell' ? part.code : render(part, look))),
  )
}

const partsOf = (reply: Reply): Reply[] => (reply.kind === 'all' ? reply.replies.flatMap(partsOf) : [reply])
const saidBy = (ran: Ran | undefined): string => alike(ran?.shown.map(({ text }) => text) ?? [])

/** Ids and times are new in every run. */
const alike = (texts: readonly string[]): string =>
  texts
    .filter((text) => text !== '')
    .join('\n')
    .replace(/[0-9a-f]{32}/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+\+00:00/g, '<time>')

const placeOf = (event: {
  readonly id?: number
  readonly position?: number
  readonly name: string
  readonly version: number
}) => [event.id ?? event.position, event.name, event.version]

t.test('the worker', unlessChromium, async (t) => {
  const worker = await startedWorker(t)
  const prompt = await sit()
  t.teardown(prompt.end)
  const { course } = prompt.shell.session.world

  for (const { number } of course.lessons)
    t.test(`lesson ${number} shows what it shows at the prompt`, async (t) => {
      await worker.open(number)
      for (const [at, { cell }] of course.notebook(number).pieces.entries()) {
        const before = cellIn(await prompt.take(at === 0 ? `.lesson ${number}` : '.next'))
        if (!cell) continue
        const [ran, ...others] = await worker.run(at)
        t.strictSame([others.length, ran?.piece, ran?.asks], [0, at, cell.isPrediction])
        t.equal(saidBy(ran), before, `piece ${at}`)
        t.strictSame(ran?.log.map(placeOf), (await prompt.shell.session.history()).map(placeOf), `the log at ${at}`)
        if (!cell.isPrediction) continue
        const after = cellIn(await prompt.take(guess))
        const answered = await worker.answer(at, guess)
        t.strictSame([answered.piece, answered.asks], [at, false])
        t.equal(saidBy(answered), `${before}\n${after}`, `the answer of piece ${at}`)
      }
    })

  t.test('the log says which cell recorded what', async (t) => {
    await worker.open(5)
    t.strictSame((await worker.run(3)).at(-1)?.log, [
      { position: 1, version: 1, name: 'Registered', who: 'fido', payload: "{ name: 'Fido' }", piece: 0 },
      { position: 2, version: 2, name: 'TrickAdded', who: 'fido', payload: "{ trick: 'roll over' }", piece: 0 },
      { position: 3, version: 3, name: 'TrickAdded', who: 'fido', payload: "{ trick: 'play dead' }", piece: 3 },
    ])
    await worker.open(5)
    t.strictSame((await worker.run(0))[0]?.log.length, 2, 'each lesson begins on an empty store')
  })

  t.test('the cells before run first, once, and a question is answered by going on', async (t) => {
    await worker.open(5)
    const pieces = (ran: readonly Ran[]) => ran.map(({ piece, asks }) => [piece, asks])
    t.strictSame(pieces(await worker.run(2)), [
      [0, false],
      [1, false],
      [2, true],
    ])
    const [answered, last] = await worker.run(3)
    t.strictSame(pieces([answered, last] as Ran[]), [
      [2, false],
      [3, false],
    ])
    t.strictSame(
      answered?.shown.map(({ tone }) => tone),
      ['code', 'value'],
      'nobody has guessed',
    )
    t.strictSame(
      last?.shown.map(({ tone }) => tone),
      ['code', 'value', 'news'],
    )
    t.strictSame(pieces(await worker.run(3)), [[3, false]])
    t.equal((await worker.run(0))[0]?.log.length, 3, 'nothing was recorded twice, and the log is the whole one')
    await t.rejects(worker.answer(3, guess), { message: 'Nothing was asked here.' })
    await t.rejects(worker.run(4), { message: 'There is no cell in piece 4 of lesson 5.' })
    await t.rejects(worker.open(8), { message: 'There is no lesson 8.' })
  })
})
