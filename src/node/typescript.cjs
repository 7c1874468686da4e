/**
 * Loads TypeScript sooner: `require('typescript')` finds it loaded after this. It has nine megabytes, and each thread that
 * needs it would wait for V8 to read and compile them; what V8 made of them is kept, as code.
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
/** For this text, and for a V8 of this version, with these flags, on this machine. */
const kept = path.join(folder, `typescript-${size}-${Math.round(mtimeMs)}-${cachedDataVersionTag()}.code`)

/** The code, if it is whole: V8 itself would not notice a bit that has changed. */
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

/** Keeps the code, with the functions that have been used by now; false if there is some that fits. */
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
    // Where nothing can be written, the next start is slower, nothing else.
  }
  return true
}

module.exports = { keepCode }
