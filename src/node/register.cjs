/**
 * Lets Node run this project's TypeScript: `node -r ./src/node/register.cjs file.ts`.
 *
 * ts-node compiles (without checking types: `tsc` and the REPL's own checker do that), and each file is
 * compiled once per content: when everything is in the cache, TypeScript is never loaded and the prompt
 * is there in a tenth of a second. `dog-school` is resolved to this checkout's own sources.
 */
'use strict'
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const { Module } = require('node:module')
const path = require('node:path')

const root = path.join(__dirname, '..', '..')
const cache = path.join(root, 'node_modules', '.cache', 'dog-school')
/** The answers that a proof lays out are other ones each time. */
const scratch = path.join(root, '.tap', 'answers')
/** What package.json exports, from the sources that it is built from. */
const own = Object.fromEntries(
  Object.entries(require('../../package.json').exports)
    .filter(([, { require: built }]) => built)
    .map(([key, { require: built }]) => [
      path.posix.join('dog-school', key),
      path.join(root, built.types.replace(/^\.\/dist\/cjs\/(.*)\.d\.ts$/, 'src/$1.ts')),
    ]),
)
const salt = ['ts-node', 'typescript']
  .map((name) => require(`${name}/package.json`).version)
  .concat(fs.readFileSync(path.join(root, 'tsconfig.json'), 'utf8'))
  .join('\n')

/** What was run, by file, so that stack traces find its source map. */
const compiled = new Map()
const maps = require(require.resolve('@cspotcode/source-map-support', { paths: [require.resolve('ts-node')] }))
maps.install({
  environment: 'node',
  handleUncaughtExceptions: false,
  retrieveFile: (file) => compiled.get(file) ?? '',
})

let service
function compile(source, file) {
  // A child of a test runner inherits its ts-node settings, which are not ours.
  for (const name of Object.keys(process.env)) if (name.startsWith('TS_NODE_')) delete process.env[name]
  service ??= require('ts-node').create({ cwd: root, projectSearchDir: root, transpileOnly: true })
  return service.compile(source, file)
}

require.extensions['.ts'] = (module, file) => {
  const source = fs.readFileSync(file, 'utf8')
  const run = (code) => {
    compiled.set(file, code)
    module._compile(code, file)
  }
  if (file.startsWith(scratch)) return run(compile(source, file))
  const key = createHash('sha1').update(salt).update(file).update(source).digest('hex')
  const cached = path.join(cache, `${key}.js`)
  let code
  try {
    code = fs.readFileSync(cached, 'utf8')
  } catch {
    code = compile(source, file)
    try {
      fs.mkdirSync(cache, { recursive: true })
      fs.writeFileSync(`${cached}.${process.pid}`, code)
      fs.renameSync(`${cached}.${process.pid}`, cached)
    } catch {
      // Without a cache (an installation that cannot be written to) the next start is slower, nothing else.
    }
  }
  run(code)
}

const resolveFilename = Module._resolveFilename
Module._resolveFilename = function (request, ...rest) {
  if (Object.hasOwn(own, request)) return own[request]
  try {
    return resolveFilename.call(this, request, ...rest)
  } catch (error) {
    // `./dog.js`, as TypeScript too allows one to call `dog.ts`.
    if (!/^\.{1,2}\/.*\.js$/.test(request)) throw error
    return resolveFilename.call(this, request.replace(/\.js$/, '.ts'), ...rest)
  }
}

/**
 * Whoever compiles on its own account (the REPL's cells) puts the result into `compiled`, and its stack traces are right
 * too; `originalPlace` is for places that do not come from a stack trace (columns from 0).
 */
module.exports = { compiled, originalPlace: (place) => maps.mapSourcePosition(place) }
