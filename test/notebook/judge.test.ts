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
import { firstLines } from '../../src/notebook/page/first-lines'
import { WANTED } from '../../src/notebook/sqlite-wanted'
import { started, unlessChromium } from '../browser/chromium'
import { alike, compile, judgeScript, judgesOfPage, sqliteCode } from './judges'
import type { Page } from './page'

/** Bytes, which pass through JSON here. */
const pack = `(key, value) => value instanceof Uint8Array ? { bytes: [...value] } : value`
const unpack = `(key, value) => value?.bytes ? Uint8Array.from(value.bytes) : value`
const packed = (message: unknown) =>
  JSON.stringify(message, (_, value) => (value instanceof Uint8Array ? { bytes: [...value] } : value))
const unpacked = (text: string) => JSON.parse(text, (_, value) => (value?.bytes ? Uint8Array.from(value.bytes) : value))

/** Workers that are started as the page starts them: from a blob, in the frame that confines them. */
async function judgesInChromium(t: Test): Promise<{ readonly judges: Judges; readonly page: Page }> {
  const folder = await builtNotebook()
  const { address, close } = await serveFolder(folder)
  t.teardown(close)
  const page: Page = await (await started(t)).newPage()
  const heard = new Map<number, (type: string, what: string) => void>()
  await page.exposeFunction('hear', (id: number, type: string, what: string) => heard.get(id)?.(type, what))
  await page.goto(address + filesBelow(folder).find((name) => /confined/.test(name)))
  const script = `${address}assets/${judgeScript(join(folder, 'assets'))}`
  const begin = firstLines(script)
  await page.evaluate(`globalThis.sqlite = WebAssembly.compile((${unpack})('', ${packed(await sqliteCode())}))`)
  let last = 0
  const judges = new Judges(async (): Promise<Thread> => {
    const id = ++last
    const listeners: { type: string; hear: (event: { data?: unknown; message?: string }) => void }[] = []
    heard.set(id, (kind, what) => {
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
  }, compile)
  t.teardown(() => judges.end())
  return { judges, page }
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
  const { judges, page } = await judgesInChromium(t)

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

  t.test('nothing is left of the plug that was pulled', async (t) => {
    const names = await page.evaluate(`(async () => {
      const names = []
      for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name)
      return names
    })()`)
    t.strictSame(names, [])
  })
})
