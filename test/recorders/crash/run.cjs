/** Starts a TypeScript file that a test wants in a process of its own: `node run.cjs FILE …`. */
'use strict'
require('../../../src/node/register.cjs')
require(process.argv[2])
