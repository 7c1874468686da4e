/**
 * Loads tap faster: half of its modules serve what most programs never ask for, and are loaded when one does. YAML tells
 * what has failed, for instance. After this, `require('tap')` finds the rest waiting.
 */
'use strict'
const { createRequire, Module } = require('node:module')

for (const way of [
  ['@tapjs/core', 'tap-parser', 'tap-yaml'],
  ['@tapjs/core', 'diff'],
  ['@tapjs/core', '@tapjs/processinfo'],
  ['@tapjs/core', 'tcompare', './react-element-to-jsx-string.js'],
  ['@tapjs/fixture', 'rimraf'],
  ['@tapjs/fixture', 'mkdirp'],
  ['@tapjs/mock', './mock-require.js'],
  ['@tapjs/mock', './mock-service.js'],
  ['@tapjs/node-serialize', './serialize.js'],
  ['@tapjs/test', 'jackspeak'],
])
  loadLate(way.reduce((from, name) => createRequire(from).resolve(name), require.resolve('tap')))

/** Puts in the place of a module one that loads it when something of it is read. */
function loadLate(file) {
  let loaded
  function load() {
    delete require.cache[file]
    return require(file)
  }
  const exports = new Proxy(
    {},
    {
      get(_, name) {
        if (name === '__esModule') return true
        loaded ??= load()
        return loaded[name]
      },
    },
  )
  require.cache[file] ??= Object.assign(new Module(file), { filename: file, loaded: true, exports })
}
