/**
 * Loaded before a test file: tap follows every promise of the program, to know in which test something was thrown that nobody
 * caught. That takes a tenth of the processor's time and more where a search awaits a lot. Without it, such an error
 * ends the program, as it does anywhere else, and so fails the file.
 */
'use strict'
const { createRequire, Module } = require('node:module')

const core = createRequire(require.resolve('tap')).resolve('@tapjs/core')
const file = createRequire(core).resolve('async-hook-domain')

class Domain {
  destroy() {}
}

require.cache[file] = Object.assign(new Module(file), { filename: file, loaded: true, exports: { Domain } })
