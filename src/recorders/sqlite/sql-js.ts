/**
 * Loads sql.js: once in a process, when the first database is opened.
 *
 * sql.js loads a WebAssembly file from its own folder. A bundler may move or omit that file: then the option `wasm`
 * says where it is.
 */
import type { Database, SqlJsStatic } from 'sql.js'
import { StorageError } from '../../errors'
import type { Disk } from './disk'

/** The path, URL or contents of `sql-wasm.wasm`. */
export type Wasm = string | URL | Uint8Array

/** Every runtime has it, but the types of ES2023 do not. */
declare const WebAssembly: { instantiate(code: Uint8Array, imports: unknown): Promise<{ readonly instance: unknown }> }

type Init = (loading: object) => Promise<SqlJsStatic>

let sqlJs: SqlJsStatic | undefined
let ready: Promise<SqlJsStatic> | undefined
/** Passes the WebAssembly code to sql.js, which waits for it. */
let deliver: ((code: Uint8Array) => Promise<void>) | undefined

/** @throws StorageError if the WebAssembly file is missing or unusable */
export async function loadSqlJs(disk: Disk, wasm?: Wasm): Promise<void> {
  if (sqlJs) return
  // Not `import()`, which would load Node's ESM loader: that takes as long as sql.js itself.
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
 * @internal (Users of the package must not need the types of sql.js.)
 *
 * A database that works on these bytes, or an empty one.
 */
export function openDatabase(bytes?: Uint8Array): Database {
  if (!sqlJs) throw new Error('call loadSqlJs() before openDatabase()')
  // sql.js keeps a database in a file whose name it draws: where chance is seeded, two of them would share one.
  const { random } = Math
  Reflect.set(Math, 'random', () => (opened++ + 0.5) / 2 ** 32)
  try {
    return new sqlJs.Database(bytes)
  } finally {
    Reflect.set(Math, 'random', random)
  }
}

let opened = 0

/** Lets sql.js find its file. If that is missing, sql.js alone would end the process without saying what to do. */
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

/** An error thrown from `locateFile` also rejects a promise inside sql.js: that rejection is handled here. */
function forgive(error: Error): void {
  const hear = (reason: unknown): void => {
    if (reason === error) process.off('unhandledRejection', hear)
    // Without this listener, any other rejection would end the process, too.
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
    `sql.js cannot be loaded: ${what} cannot be used, ${why}. Pass the path or the contents of its file sql-wasm.wasm: ` +
      "sqlite(file, { wasm: '…/sql-wasm.wasm' }). It comes with sql.js, in node_modules/sql.js/dist",
    { cause },
  )
}
