/**
 * The compiled WebAssembly of SQLite, for the workers that run code of the learner: they reach no network, so the page fetches
 * it, once, and has it compiled (see page/play/sqlite.ts). It comes as a message, when a worker asks for it by another one.
 */
import { type NoSqlite, WANTED } from '../sqlite-wanted'

// Code of the learner may change what this worker has, and the judge takes some of it away.
const { postMessage, addEventListener, removeEventListener } = globalThis

let code: Promise<WebAssembly.Module> | undefined

/** Rejects with what the reader can do; then it is asked for again the next time. */
export function sqliteCode(): Promise<WebAssembly.Module> {
  code ??= asked().catch((error) => {
    code = undefined
    throw error
  })
  return code
}

function asked(): Promise<WebAssembly.Module> {
  return new Promise((resolve, reject) => {
    const hear = ({ data }: MessageEvent<WebAssembly.Module | NoSqlite>) => {
      if (data instanceof WebAssembly.Module) resolve(data)
      else if (data && 'noSqlite' in data) reject(new Error(data.noSqlite))
      else return
      removeEventListener('message', hear)
    }
    addEventListener('message', hear)
    postMessage(WANTED)
  })
}
