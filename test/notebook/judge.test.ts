/** The page's judge in a Chromium: it gives the verdicts that the proof compares with those of the terminal. */
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { filesIn, lessons } from '../../src/checkpoints/folders'
import { builtNotebook } from '../../src/cli/build-notebook'
import { filesBelow } from '../../src/cli/files-below'
import { type Parts, readParts } from '../../src/cli/lesson-parts'
import { serveFolder } from '../../src/cli/serve-folder'
import { judgeAnswers } from '../../src/cli/verify-answers'
import { Judges, type Thread } from '../../src/notebook/judge/workers'
import { firstLines } from '../../src/notebook/page/play/first-lines'
import { WANTED } from '../../src/notebook/sqlite-wanted'
import { started, unlessChromium } from '../browser/chromium'
import { alike, compile, judgeScript, judgesOfPage, patient, sqliteCode } from './judges'
import type { Page } from './page'

/** Bytes, which pass through JSON here. */
const pack = `(key, value) => value instanceof Uint8Array ? { bytes: [...value] } : value`
const unpack = `(key, value) => value?.bytes ? Uint8Array.from(value.bytes) : value`
const packed = (message: unknown) =>
  JSON.stringify(message, (_, value) => (value instanceof Uint8Array ? { bytes: [...value] } : value))
const unpacked = (text: string) => JSON.parse(text, (_, value) => (value?.bytes ? Uint8Array.from(value.bytes) : value))

interface InChromium {
  readonly judges: Judges
  readonly page: Page
  /** Where whoever taught Fido had the databases; undefined: in memory. */
  readonly kept: (string | undefined)[]
}

/** Workers that are started as the page starts them: from a blob, in the frame that confines them. */
async function judgesInChromium(t: Test): Promise<InChromium> {
  const folder = await builtNotebook()
  const { address, close } = await serveFolder(folder)
  t.teardown(close)
  const page: Page = await (await started(t)).newPage()
  const kept: InChromium['kept'] = []
  const heard = new Map<number, (type: string, what: string) => void>()
  await page.exposeFunction('hear', (id: number, type: string, what: string) => heard.get(id)?.(type, what))
  await page.goto(address + filesBelow(folder).find((name) => /confined/.test(name)))
  const script = `${address}assets/${judgeScript(join(folder, 'assets'))}`
  const begin = firstLines(script)
  await page.evaluate(`globalThis.sqlite = WebAssembly.compile((${unpack})('', ${packed(await sqliteCode())}))`)
  let last = 0
  const judges = new Judges(
    async (): Promise<Thread> => {
      const id = ++last
      const listeners: { type: string; hear: (event: { data?: unknown; message?: string }) => void }[] = []
      heard.set(id, (kind, what) => {
        const { r } = kind === 'message' ? unpacked(what) : {}
        if (r?.disk) kept.push(r.kept)
        for (const { type, hear } of listeners)
          if (type === kind) hear(type === 'message' ? { data: unpacked(what) } : { message: what })
      })
      await page.evaluate(`{
      const url = URL.createObjectURL(new Blob([${JSON.stringify(begin)}], { type: 'text/javascript' }))
      const worker = new Worker(url, { type: 'module' })
      worker.onmessage = async ({ data }) => {
        if (data === ${JSON.stringify(WANTED)}) worker.postMessage(await sqlite)
        else hear(${id}, 'message', JSON.stringify(data, ${pack}))
      }
      worker.onerror = ({ message }) => hear(${id}, 'error', message)
      globalThis['worker${id}'] = worker
      undefined
    }`)
      const tell = (code: string) => void page.evaluate(`worker${id}.${code}`).catch(() => undefined)
      return {
        postMessage: (message) => tell(`postMessage(JSON.parse(${JSON.stringify(packed(message))}, ${unpack}))`),
        addEventListener: (type, hear) => listeners.push({ type, hear }),
        terminate: () => tell('terminate()'),
      }
    },
    compile,
    patient,
  )
  t.teardown(() => judges.end())
  return { judges, page, kept }
}

/** The start, the solution, and one of the answers that are wrong: another one in each lesson. */
function some(parts: Parts, at: number): Parts {
  const all = [...parts.hints].flatMap(([hint, { levels, wrongAnswers }]) =>
    [...wrongAnswers].map(([name, answer]) => [hint, { levels, wrongAnswers: new Map([[name, answer]]) }] as const),
  )
  return { ...parts, hints: new Map(all.slice(at % all.length, (at % all.length) + 1)), right: new Map() }
}

t.test('in Chromium', unlessChromium, async (t) => {
  const others = await judgesOfPage()
  t.teardown(() => others.end())
  const { judges, page, kept } = await judgesInChromium(t)

  for (const lesson of lessons())
    t.test(`lesson ${lesson.number}`, async (t) => {
      await judgeAnswers(lesson, some(readParts(lesson), 5 * lesson.number), async ({ number }, folders) => {
        for (const folder of folders) {
          const answer = [...filesIn(folder)]
          const [{ verdict }, other] = [await judges.judge(number, answer), await others.judge(number, answer)]
          t.strictSame(alike(verdict), alike(other.verdict))
          t.not(verdict.outcome, 'broken')
        }
        return []
      }).catch(() => undefined)
    })

  t.test('the plug was pulled where databases are on a disk', async (t) => {
    t.ok(kept.length > 0)
    t.notOk(kept.includes(undefined), 'none was in memory')
  })

  t.test('an answer reaches nothing that the page keeps', async (t) => {
    const code = `
      const from = ({ constructor: { prototype } }) => Object.keys(Object.getOwnPropertyDescriptors(prototype))
      console.log([typeof caches, typeof indexedDB, typeof Worker, typeof BroadcastChannel, typeof navigator.storage,
        typeof navigator.locks, typeof navigator.serviceWorker, typeof navigator.storageBuckets, typeof Notification,
        typeof webkitRequestFileSystem, typeof webkitResolveLocalFileSystemURL].join(), from(navigator).includes('storage'))
      export class Dog {}`
    const { printed } = await judges.judge(2, [['dog.ts', code]])
    t.equal(printed, `${Array(11).fill('undefined').join()} false\n`)
  })

  t.test('nothing is left of the plug that was pulled', async (t) => {
    const names = await page.evaluate(`(async () => {
      const names = []
      for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name)
      return names
    })()`)
    t.strictSame(names, [])
  })
})
