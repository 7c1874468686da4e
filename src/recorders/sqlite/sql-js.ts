/**
 * Loads sql.js: once in a process, when the first database is opened.
 *
 * Its code is in a file of WebAssembly, which it finds beside its own. A bundler puts that elsewhere, or leaves it
 * behind: then it has to be told where the file is.
 */
import type { Database, SqlJsStatic } from 'sql.js'
import { StorageError } from '../../errors'
import type { Disk } from './disk'

/** Where `sql-wasm.wasm` is, or what is in it. */
export type Wasm = string | URL | Uint8Array

/** Every runtime has it, and the types of ES2023 have not. */
declare const WebAssembly: { instantiate(code: Uint8Array, imports: unknown): Promise<{ readonly instance: unknown }> }

type Init = (loading: object) => Promise<SqlJsStatic>

let sqlJs: SqlJsStatic | undefined
let ready: Promise<SqlJsStatic> | undefined
/** Gives sql.js, which waits for it, its code. */
let deliver: ((code: Uint8Array) => Promise<void>) | undefined

/** @throws StorageError if its file is not there, or is not what it should be */
export async function loadSqlJs(disk: Disk, wasm?: Wasm): Promise<void> {
  if (sqlJs) return
  // Not `import()`: that would load Node's other module system for it, which takes as long as sql.js itself.
  const init = require('sql.js') as Init
  if (wasm === undefined) ready ??= atItsPlace(init, disk)
  else ready ??= onDelivery(init)
  if (deliver && wasm !== undefined)
    try {
      await deliver(await codeOf(wasm, disk))
    } catch (cause) {
      throw unusable(
        ArrayBuffer.isView(wasm) ? 'What was given as wasm' : String(wasm),
        (cause as Error).message,
        cause,
      )
    }
  sqlJs = await ready
}

/**
 * @internal (sql.js has no types of its own, and whoever uses the package must not need any.)
 *
 * A database that works on these bytes, or an empty one.
 */
export function openDatabase(bytes?: Uint8Array): Database {
  if (!sqlJs) throw new Error('loadSqlJs() comes before openDatabase()')
  return new sqlJs.Database(bytes)
}

/** It looks for its file by itself. Where that is not there, it would end the process without a word of what to do. */
function atItsPlace(init: Init, disk: Disk): Promise<SqlJsStatic> {
  let refuse = (_: Error): void => {}
  const missing = new Promise<never>((_, reject) => {
    refuse = reject
  })
  const locateFile = (name: string, folder: string): string => {
    const place = folder + name
    if (typeof process !== 'object' || disk.stat(place)) return place
    const error = unusable(place, 'it is not there')
    refuse(error)
    forgive(error)
    throw error
  }
  return Promise.race([missing, init({ locateFile })])
}

/** What is thrown while sql.js looks for its file rejects a promise that nobody can get at: this one rejection is known. */
function forgive(error: Error): void {
  const hear = (reason: unknown): void => {
    if (reason === error) process.off('unhandledRejection', hear)
    // As if nobody listened.
    else if (process.listenerCount('unhandledRejection') === 1) throw reason
  }
  process.on('unhandledRejection', hear)
}

function onDelivery(init: Init): Promise<SqlJsStatic> {
  const instantiateWasm = (imports: unknown, received: (instance: unknown) => void): object => {
    deliver = async (code) => received((await WebAssembly.instantiate(code, imports)).instance)
    return {}
  }
  return init({ instantiateWasm })
}

async function codeOf(wasm: Wasm, disk: Disk): Promise<Uint8Array> {
  if (ArrayBuffer.isView(wasm)) return wasm
  const place = String(wasm)
  if (typeof process === 'object' && !/^(https?|data|blob):/.test(place)) {
    const code = disk.read(disk.resolve(place))
    if (!code) throw new Error('it is not there')
    return code
  }
  const answer = await fetch(place)
  if (!answer.ok) throw new Error(`the answer is ${answer.status}`)
  return new Uint8Array(await answer.arrayBuffer())
}

function unusable(what: string, why: string, cause?: unknown): StorageError {
  return new StorageError(
    `sql.js cannot be loaded: ${what} cannot be used, ${why}. Say where its file sql-wasm.wasm is, or give what is in it: ` +
      "sqlite(file, { wasm: '…/sql-wasm.wasm' }). It comes with sql.js, in node_modules/sql.js/dist",
    { cause },
  )
}
