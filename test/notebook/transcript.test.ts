/** The worker of the notebook, in Chromium: each lesson shows what it shows at the prompt. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createBirpc } from 'birpc'
import t, { type Test } from 'tap'
import * as ts from 'typescript'
import { builtNotebook } from '../../src/cli/build-notebook'
import { serveFolder } from '../../src/cli/serve-folder'
import { compiledCell } from '../../src/notebook/compiled-cell'
import type { NotebookWorker, Outcome, Run } from '../../src/notebook/protocol'
import { WANTED } from '../../src/notebook/sqlite-wanted'
import { render } from '../../src/repl/render/render'
import type { Reply } from '../../src/repl/session/reply'
import { started, unlessChromium } from '../browser/chromium'
import { plain, sit } from '../repl/sitting'
import { sqliteIn } from './files'

process.env.DOG_SCHOOL_HOME = join(t.testdir(), 'my-school')

/** Said to each question; it is right in some lessons. */
const guess = '2'
/** On the page, only values have a width. */
const lookAt = ({ kind }: Reply) => ({ ...plain, width: kind === 'value' ? 76 : Number.POSITIVE_INFINITY })

/** The worker, started twice on a page of the same site, whose own script is not there. */
async function startedWorkers(t: Test): Promise<NotebookWorker[]> {
  const folder = await builtNotebook()
  const { address, close } = await serveFolder(folder)
  t.teardown(close)
  const script = readdirSync(join(folder, 'assets')).find((name) => /^worker-.*\.js$/.test(name))
  const page = await (await started(t)).newPage()
  const hear: ((message: unknown) => void)[] = []
  await page.exposeFunction('hear', (which: number, message: unknown) => hear[which]?.(message))
  await page.route('**/blank', (route: { fulfill(answer: object): void }) =>
    route.fulfill({ contentType: 'text/html', body: '' }),
  )
  await page.goto(`${address}blank`)
  await page.evaluate(`
    var sqlite = WebAssembly.compileStreaming(fetch('${sqliteIn(folder)}'))
    var workers = [0, 1].map((which) => {
      const worker = new Worker('assets/${script}', { type: 'module' })
      worker.onmessage = async ({ data }) =>
        data === ${JSON.stringify(WANTED)} ? worker.postMessage(await sqlite) : hear(which, data)
      return worker
    })
  `)
  const post = (which: number) => (message: unknown) =>
    page.evaluate(
      ([which, sent]: [number, unknown]) =>
        (globalThis as unknown as { workers: Worker[] }).workers[which]?.postMessage(sent),
      [which, message],
    )
  return [0, 1].map(
    (which) =>
      createBirpc<NotebookWorker>(
        {},
        {
          post: post(which),
          on: (heard) => {
            hear[which] = heard
          },
          timeout: -1,
        },
      ) as unknown as NotebookWorker,
  )
}

interface Worker {
  postMessage(message: unknown): void
}

/** Plays what a reader has typed, which the page has compiled. */
const played = (worker: NotebookWorker, run: Run & { readonly code: string }): Promise<Outcome> =>
  worker.play(run, [compiledCell(ts, run.code)])

/** What the cell of a piece showed at the prompt, without the prose before it and the place behind it. */
function cellIn(reply: Reply): string {
  const parts = partsOf(reply)
  return alike(
    parts
      .slice(parts.findLastIndex(({ kind }) => kind === 'prose') + 1)
      .filter(({ kind }) => kind !== 'report')
      .map((part) => (part.kind === 'cell' ? part.code : render(part, lookAt(part)))),
  )
}

const partsOf = (reply: Reply): Reply[] => (reply.kind === 'all' ? reply.replies.flatMap(partsOf) : [reply])
const saidBy = ({ shown }: Outcome): string => alike(shown.map(({ text }) => text))

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

/** Only the terminal has a store of one's own to speak of. */
const MOVED = /^For this lesson, `school` is on an empty store in memory\.[^\n]*\n\n/

t.test('the worker', unlessChromium, async (t) => {
  const [worker, other] = (await startedWorkers(t)) as [NotebookWorker, NotebookWorker]
  const prompt = await sit()
  t.teardown(prompt.end)
  const { course } = prompt.shell.session.world

  for (const { number } of course.lessons)
    t.test(`lesson ${number} shows what it shows at the prompt, and the same again, to the byte`, async (t) => {
      await worker.open(number, '1')
      const log: Outcome['events'][number][] = []
      const runs: (readonly [Run, Outcome])[] = []
      for (const [piece, { cell }] of course.notebook(number).pieces.entries()) {
        const before = cellIn(await prompt.take(piece === 0 ? `.lesson ${number}` : '.next')).replace(MOVED, '')
        if (!cell) continue
        const run: Run = { piece, seed: 1000 * number + piece, time: Date.UTC(2026, 10, 23, 8, number, piece) }
        const ran = await worker.play(run)
        t.equal(ran.asks, cell.isPrediction)
        t.equal(saidBy(ran), before, `piece ${piece}`)
        let [done, outcome] = [run, ran]
        if (cell.isPrediction) {
          const after = cellIn(await prompt.take(guess))
          done = { ...run, guess }
          outcome = await worker.play(done)
          t.equal(outcome.asks, false)
          t.equal(saidBy(outcome), `${before}\n${after}`, `the answer of piece ${piece}`)
        }
        runs.push([done, outcome])
        log.push(...outcome.events.filter(({ store }) => store === undefined))
        t.strictSame(log.map(placeOf), (await prompt.shell.session.history()).map(placeOf), `the log at ${piece}`)
      }
      await other.open(number, 'again')
      for (const [run, outcome] of runs)
        t.equal(JSON.stringify(await other.play(run)), JSON.stringify(outcome), `piece ${run.piece} again`)
      const all = { piece: 0, code: 'JSON.stringify(await school.notificationLog.select())', seed: 1, time: 1 }
      t.strictSame(await played(other, all), await played(worker, all), 'with its ids and times')
    })

  t.test('events in stores that cells have made are known by the schools on them', async (t) => {
    await worker.open(7, '1')
    const places = async (piece: number) =>
      (await worker.play({ piece, guess: '', seed: piece, time: 0 })).events.map(({ store, position, name, who }) =>
        [store, position, name, who].join(' '),
      )
    t.strictSame(await places(0), ['morning 1 Registered fido'])
    t.strictSame(await places(1), ['monday and tuesday 1 Registered buster', 'monday and tuesday 2 TrickAdded buster'])
    t.strictSame(await places(2), [], 'nobody has closed one')
    await worker.open(7, '2')
    t.strictSame([await places(0), await places(1)].flat().length, 3, 'those of a session before are not in the way')
    const more = {
      piece: 0,
      code: "await tuesday.addTrick(buster, 'sit'); await recorder.close(); await school.registerDog('Rex')",
      seed: 1,
      time: 0,
    }
    t.strictSame(
      (await played(worker, more)).events.map(({ store, name }) => [store, name]),
      [[undefined, 'Registered']],
    )
  })

  /** Plays the code of a reader in the first cell of lesson 5. */
  const typed = async (code: string): Promise<Outcome> => {
    await worker.open(5, 'typed')
    return played(worker, { piece: 0, code, seed: 7, time: Date.UTC(2026, 10, 23) })
  }
  const shownOf = ({ shown }: Outcome) => shown.slice(1).map(({ tone, text }) => [tone, text])

  t.test('events say which cell recorded them, and when it did', async (t) => {
    await worker.open(5, '1')
    const { events } = await worker.play({ piece: 0, seed: 1, time: Date.UTC(2026, 10, 23) })
    const [{ aggregateId }] = events as [Outcome['events'][number]]
    t.match(aggregateId, /^[0-9a-f]{12}4[0-9a-f]{19}$/)
    t.strictSame(events, [
      { position: 1, version: 1, name: 'Registered', aggregateId, who: 'fido', payload: "{ name: 'Fido' }", piece: 0 },
      {
        ...{ position: 2, version: 2, name: 'TrickAdded', aggregateId, who: 'fido' },
        ...{ payload: "{ trick: 'roll over' }", piece: 0 },
      },
    ])
    const when = '(await school.notificationLog.select()).map(({ timestamp }) => timestamp)'
    const { shown } = await played(worker, { piece: 2, code: when, seed: 2, time: 0 })
    t.match(shown[1]?.text, /'2026-11-23T00:00:00\+00:00',\n +'2026-11-23T00:00:00\.00\d000\+00:00'/)
    await worker.open(5, '2')
    t.strictSame((await worker.play({ piece: 0, seed: 1, time: 0 })).events, events, 'each begins on an empty store')
    await t.rejects(worker.play({ piece: 4, seed: 1, time: 0 }), {
      message: 'There is no cell in piece 4 of lesson 5.',
    })
    await t.rejects(worker.open(8, '1'), { message: 'There is no lesson 8.' })
  })

  t.test('time and chance are those of the run, and time goes on', async (t) => {
    const code = `[
      Date.now(), new Date().toISOString(), typeof Date(), new Date(5).getTime(), new Date() instanceof Date,
      new Date().constructor === Date, performance.now() < performance.now(), Math.random(), crypto.randomUUID(),
      [...crypto.getRandomValues(new Uint16Array(3))],
    ].join()`
    const first = await typed(code)
    t.match(
      first.shown[1]?.text,
      /1795392000000,2026-11-23T00:00:00.001Z,string,5,true,true,true,0\.\d+,[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/,
    )
    t.strictSame(await typed(code), first)
    t.strictSame(
      shownOf(await typed('const start = Date.now(); while (Date.now() < start + 60_000) {}; "later"')),
      [['value', "'later'"]],
      'nobody who waits for it waits for ever',
    )
    const other = `
      const { Now } = (globalThis as any).Temporal
      const of = new Intl.DateTimeFormat('en', { timeZone: 'UTC', dateStyle: 'short' })
      ;[of.format(), of.format(5), of.format(null as any), of.formatToParts().length, Now.instant(), Now.zonedDateTimeISO('UTC').year,
        Now.plainDateISO('UTC'), Now.plainDateTimeISO('UTC').hour, Now.plainTimeISO('UTC').minute].join()`
    t.strictSame(shownOf(await typed(other)), [
      ['value', "'11/23/26,1/1/70,1/1/70,5,2026-11-23T00:00:00.002Z,2026,2026-11-23,0,0'"],
    ])
  })

  t.test('a run says whether it would do the same again', async (t) => {
    const repeats: Record<string, boolean> = {
      '1 + 1': true,
      'new Date(5).toISOString()': true,
      "new Intl.DateTimeFormat('en').format(5)": true,
      "typeof (await crypto.subtle.digest('SHA-1', new Uint8Array(1)))": true,
      'typeof new Date()': false,
      "typeof new Intl.DateTimeFormat('en').format()": false,
      'typeof (globalThis as any).Temporal.Now.instant()': false,
      "typeof (await crypto.subtle.generateKey('Ed25519', false, ['sign']))": false,
      'typeof setTimeout(() => 1)': false,
      'typeof Math.random()': false,
      'typeof crypto.randomUUID()': false,
    }
    for (const [code, does] of Object.entries(repeats)) t.equal((await typed(code)).repeats === true, does, code)
  })

  t.test('what a cell prints is below it, before its value', async (t) => {
    const code =
      "console.log('one %d', 1, { two: [2] })\nconsole.warn('a\\nb')\nconsole.group('in')\nconsole.log(1)\nconsole.groupEnd()\n3"
    t.strictSame(shownOf(await typed(code)), [
      ['printed', 'one 1 { two: [ 2 ] }\na\nb\nin\n  1'],
      ['value', '3'],
    ])
    const [[, text]] = shownOf(await typed('for (let i = 0; i < 1e5; i++) console.log(i)')) as [[string, string]]
    t.match(text, /^0\n1\n.*\n499\n… and 99500 more$/s)
  })

  t.test('what goes wrong names the line that was typed', async (t) => {
    const thrown = shownOf(
      await typed(
        "type Name = string\n\nconst name: Name = 'Fido'\nfunction fail() {\n  // here\n  throw new RangeError(name)\n}\n\nfail()",
      ),
    )
    t.strictSame(
      thrown.map(([tone]) => tone),
      ['problem'],
    )
    t.match(thrown[0]?.[1], /^RangeError: Fido \(line 6 of what you typed\)/)
    const later = shownOf(await typed('const nobody = await Promise.resolve()\n\n// then\nawait nobody.bark()'))
    t.match(later[0]?.[1], /\(line 4 of what you typed\)$/, 'and no command of the terminal')
    const mistake = shownOf(await typed('const a = 1\nconst b = )'))
    t.strictSame([mistake[0]?.[0], mistake[0]?.[1]?.includes('const b = )')], ['problem', true])
  })

  t.test('a class with a decorator looks as it does at the prompt', async (t) => {
    t.strictSame(shownOf(await typed('Dog')), [['value', await prompt.shows('Dog')]])
  })
})
