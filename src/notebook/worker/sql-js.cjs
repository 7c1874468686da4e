/** sql.js as the library loads it, with the code that the page has compiled: see sqlite-code.ts, which must have it by then. */
'use strict'
const init = require('sql.js/dist/sql-wasm-browser.js')
const { sqliteCode } = require('./sqlite-code')

module.exports = async () => {
  const code = await sqliteCode()
  const instantiateWasm = (imports, received) => received(new WebAssembly.Instance(code, imports))
  return init({ instantiateWasm })
}
