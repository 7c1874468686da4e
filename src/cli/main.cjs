#!/usr/bin/env node
/**
 * Where `npm start`, `npm run checkpoint`, `npm run watch`, `npm run lessons:verify` and `npm run lessons:new` begin: lets
 * Node run TypeScript, and hands over to the one that was asked for.
 */
'use strict'
const { onCompiling } = require('../node/register.cjs')

const commands = {
  checkpoint: './checkpoint',
  watch: './watch',
  verify: './verify',
  'new-lesson': './new-lesson',
}
const [first, ...rest] = process.argv.slice(2)
const isCommand = first !== undefined && Object.hasOwn(commands, first)

/** At a terminal, what one waits for stands in a line that is wiped. */
const tell = (text) => process.stdout.isTTY && process.stdout.write(`\r\u001b[K${text}`)
if (isCommand) tell('starting...')
// After an installation and after an update, all files are compiled, once.
onCompiling(() => tell('compiling, this once...'))
const { main } = require(isCommand ? commands[first] : '../../repl')
tell('')
onCompiling(() => undefined)

main(isCommand ? rest : process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status
  },
  (error) => {
    console.error(error)
    process.exitCode = isCommand ? 3 : 1
  },
)
