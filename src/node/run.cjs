/**
 * Runs a TypeScript file: `node src/node/run.cjs file.ts arguments…`. It is no TypeScript itself, so that Node starts it in
 * the same way whatever else is loaded beside it.
 */
'use strict'
require('./register.cjs')
const { resolve } = require('node:path')

process.argv.splice(1, 1)
process.argv[1] = resolve(process.argv[1])
require(process.argv[1])
