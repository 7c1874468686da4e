/** The page's judge as it is built, in threads of Node's that have what a browser's worker has, and nothing else. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import * as ts from 'typescript'
import { builtNotebook } from '../../src/cli/build-notebook'
import type { Verdict } from '../../src/course/verdict'
import type { Answer, Named } from '../../src/notebook/judge/protocol'
import { transpiledAnswer } from '../../src/notebook/judge/transpiled'
import { Judges, type Limits, type Thread } from '../../src/notebook/judge/workers'
import { WANTED } from '../../src/notebook/sqlite-wanted'
import { sqliteIn } from './files'

/** The types of ES2023 do not have it. */
declare const WebAssembly: { compile(code: Uint8Array): Promise<object> }

export const judgeScript = (assets: string): string =>
  readdirSync(assets).find((name) => /^judge-worker-.*\.js$/.test(name)) as string

/** Only what never ends takes as long, however busy the machine is. */
export const patient: Limits = { computing: 300, waiting: 300 }

export async function judgesOfPage(limits = patient): Promise<Judges> {
  const built = await builtNotebook()
  const assets = join(built, 'assets')
  // Node would compile each script twice, to see that it is a module.
  writeFileSync(join(dirname(built), 'package.json'), '{ "type": "module" }')
  const script = pathToFileURL(join(assets, judgeScript(assets))).href
  const worker = join(__dirname, 'browser-worker.cjs')
  const sqlite = await WebAssembly.compile(await sqliteCode())
  const start = () => {
    const thread = new Worker(worker, { workerData: { script } })
    // As page/play/sqlite.ts gives it.
    return thread.on('message', (what) => what === WANTED && thread.postMessage(sqlite))
  }
  return new Judges(async () => asThread(start()), compile, limits)
}

/** What has been compiled: most files of an answer are those of many others. */
const compiled = new Map<string, Answer>()

/** As the page's worker that knows TypeScript does it. */
export const compile = async (files: Named): Promise<Answer> => files.flatMap(compileFile)

function compileFile(file: Named[number]): Answer {
  const key = file.join('\n')
  const answer = compiled.get(key) ?? transpiledAnswer(ts, [file])
  compiled.set(key, answer)
  return answer
}

/** The WebAssembly of SQLite that the page is built with. */
export async function sqliteCode(): Promise<Uint8Array> {
  const folder = await builtNotebook()
  return new Uint8Array(readFileSync(join(folder, sqliteIn(folder))))
}

function asThread(worker: Worker): Thread {
  return {
    postMessage: (message) => worker.postMessage(message),
    addEventListener: (type, hear) =>
      worker.on(type, (what) => hear((type === 'message' ? { data: what } : { message: String(what) }) as never)),
    terminate: () => worker.terminate(),
  }
}

/** What differs from run to run: ids, times, chance, names of folders, how deep a stack is, and where it ends if it has no end. */
export function alike(verdict: Verdict): Verdict {
  const text = JSON.stringify(verdict, (key, value) => {
    if (key === 'slip' && /Maximum call stack/.test(value.came)) return { ...value, place: undefined }
    return key === 'steps' && value.length > 100 ? [...new Set(value)] : value
  })
  return JSON.parse(
    text
      .replace(/[0-9a-f]{32}/g, '<id>')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)/g, '<time>')
      .replace(/\b0\.\d{9,}/g, '<chance>')
      .replace(/(\/[\w.-]+)+\/dog-school-\w{6}/g, '<folder>'),
  )
}
