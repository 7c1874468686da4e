#!/usr/bin/env node
/**
 * Where `npm start`, `npm run checkpoint`, `npm run watch`, `npm run move`, `npm run notebook`, `npm run lessons:verify` and `npm run lessons:new` begin: lets
 * Node run TypeScript, and hands over to the one that was asked for.
 */
'use strict'
const { onCompiling } = require('../node/register.cjs')

const commands = {
  checkpoint: './checkpoint',
  watch: './watch',
  move: './move',
  notebook: './notebook',
  verify: './verify',
  'new-lesson': './new-lesson',
}
const [first, ...rest] = process.argv.slice(2)
const isCommand = first !== undefined && Object.hasOwn(commands, first)

/** At a terminal, what one waits for stands in a line that is wiped. */
let wiped = ''
const tell = (text) => {
  if (!process.stdout.isTTY || process.env.TERM === 'dumb') return
  process.stdout.write(wiped + text)
  wiped = '\r\u001b[K'
}
const wipe = () => wiped && process.stdout.write(wiped)
if (isCommand) tell('starting...')
// After an installation and after an update, all files are compiled, once.
onCompiling(() => tell('compiling, this once...'))
const { main } = require(isCommand ? commands[first] : '../../repl')
wipe()
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
