/** The WebAssembly of SQLite, compiled: once for all workers, however many of them come and go. */
import address from 'sql.js/dist/sql-wasm-browser.wasm?url&no-inline'
import { notLoaded } from '../../not-loaded'
import { type NoSqlite, WANTED } from '../../sqlite-wanted'

type Compiler = Pick<typeof WebAssembly, 'compile' | 'compileStreaming'>

let compiling: Promise<WebAssembly.Module> | undefined

/** Gives it to a worker, whenever that asks for it. @param compiler of a window that may compile */
export function giveSqlite(worker: Worker, compiler: Compiler): void {
  worker.addEventListener('message', (event) => {
    if (event.data !== WANTED) return
    const tell = (told: WebAssembly.Module | NoSqlite) => worker.postMessage(told)
    compiled(compiler).then(tell, ({ message }: Error) =>
      tell({ noSqlite: `${notLoaded('SQLite, which keeps the events,')} (${message})` }),
    )
  })
}

/** What failed is tried again the next time. */
function compiled(compiler: Compiler): Promise<WebAssembly.Module> {
  compiling ??= compile(compiler).catch((error) => {
    compiling = undefined
    throw error
  })
  return compiling
}

async function compile(compiler: Compiler): Promise<WebAssembly.Module> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`the answer is ${response.status}`)
  // Some hosts do not know what it is.
  if (response.headers.get('content-type') !== 'application/wasm') return compiler.compile(await response.arrayBuffer())
  return compiler.compileStreaming(response)
}
