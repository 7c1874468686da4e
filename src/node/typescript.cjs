/**
 * Loads TypeScript faster; after this, `require('typescript')` finds it in the cache of modules. Its nine megabytes would be
 * parsed and compiled by each thread and process that needs them, so V8's compiled code is kept in a file.
 */
'use strict'
const fs = require('node:fs')
const { Module, createRequire } = require('node:module')
const path = require('node:path')
const { cachedDataVersionTag } = require('node:v8')
const { Script } = require('node:vm')
const { crc32 } = require('node:zlib')

const file = require.resolve('typescript')
const { size, mtimeMs } = fs.statSync(file)
const folder = path.join(__dirname, '..', '..', 'node_modules', '.cache', 'dog-school')
/** One file for each version of TypeScript, and for each version, flags and processor of V8. */
const kept = path.join(folder, `typescript-${size}-${Math.round(mtimeMs)}-${cachedDataVersionTag()}.code`)

/** Returns the compiled code if it is intact. V8 itself does not check that. */
function readCode() {
  try {
    const bytes = fs.readFileSync(kept)
    const code = bytes.subarray(4)
    return crc32(code) === bytes.readUInt32LE(0) ? code : undefined
  } catch {
    return undefined
  }
}

let script
if (!require.cache[file]) {
  const module = new Module(file)
  Object.assign(module, { filename: file, paths: Module._nodeModulePaths(path.dirname(file)) })
  const text = Module.wrap(fs.readFileSync(file, 'utf8'))
  script = new Script(text, { filename: file, cachedData: readCode() })
  script.runInThisContext()(module.exports, createRequire(file), module, file, path.dirname(file))
  module.loaded = true
  require.cache[file] = module
}

/** Saves the compiled code, including the functions used so far. Returns false if what was loaded is usable. */
function keepCode() {
  if (!script || script.cachedDataRejected === false) return false
  try {
    const code = script.createCachedData()
    const checksum = Buffer.alloc(4)
    checksum.writeUInt32LE(crc32(code))
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(`${kept}.${process.pid}`, Buffer.concat([checksum, code]))
    fs.renameSync(`${kept}.${process.pid}`, kept)
  } catch {
    // If the folder is not writable, the next start is slower; that is all.
  }
  return true
}

module.exports = { keepCode }
