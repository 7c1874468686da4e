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
const { Module, SourceMap } = require('node:module')
const path = require('node:path')

const root = path.join(__dirname, '..', '..')
const cache = path.join(root, 'node_modules', '.cache', 'dog-school')
/** The answers that a proof lays out are in another folder each time, and most of their files are in many of them. */
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

/** The compiled code by file, what it was compiled from, and its source map once somebody has asked for it. */
const compiled = new Map()
const sources = new Map()
const maps = new Map()

let support
/** What shows a stack trace in the sources. Most programs never show one. */
function supportForMaps() {
  if (!support) {
    const { prepareStackTrace } = Error
    const { install } = require(
      require.resolve('@cspotcode/source-map-support', { paths: [require.resolve('ts-node')] }),
    )
    const options = { environment: 'node', handleUncaughtExceptions: false }
    // Of other files nothing is shown in sources. Without a text, it would read them, and some again for each stack.
    install({ ...options, retrieveFile: (file) => compiled.get(file) ?? '// no map' })
    support = {
      prepareStackTrace: Error.prepareStackTrace,
      /** It reads the source map of a file once, unless a file turns out to be one that is edited. */
      readAgain: () => install({ ...options, emptyCacheBetweenOperations: true }),
    }
    Error.prepareStackTrace = prepareStackTrace
  }
  return support
}

function remember(file, code) {
  if (compiled.has(file) && compiled.get(file) !== code) supportForMaps().readAgain()
  compiled.set(file, code)
  sources.delete(file)
  maps.delete(file)
}

function mapOf(file) {
  if (!maps.has(file)) {
    const [, data] = /^\/\/# sourceMappingURL=data:[^,]*,(.*)$/m.exec(compiled.get(file) ?? '') ?? []
    maps.set(file, data && new SourceMap({ ...JSON.parse(Buffer.from(data, 'base64').toString()), sources: [file] }))
  }
  return maps.get(file)
}

const { findSourceMap } = Module
/** For those who ask Node, as tap does: with `--enable-source-maps` it would read every map before somebody asks for one. */
Module.findSourceMap = (file) => mapOf(file) ?? findSourceMap(file)

/** The place in the source. There is none for code that TypeScript has added. Columns count from 0. */
function originalPlace({ file, line, column }) {
  const entry = mapOf(file)?.findEntry(line - 1, column)
  if (entry?.generatedLine !== line - 1) return undefined
  return { file, line: entry.originalLine + 1, column: entry.originalColumn }
}

/** Leaves out the frames of code that TypeScript has added: a line of the compiled file would be taken for one of the source. */
Error.prepareStackTrace = (error, frames) =>
  supportForMaps().prepareStackTrace(
    error,
    frames.filter((frame) => {
      const file = frame.getFileName()
      return (
        !compiled.has(file) ||
        originalPlace({ file, line: frame.getLineNumber(), column: frame.getColumnNumber() - 1 }) !== undefined
      )
    }),
  )

let service
/** Called before the compiler is loaded, which takes a while: see main.cjs. */
let beforeCompiling = () => undefined
function compile(source, file) {
  // A child of a test runner inherits its ts-node settings, which are not ours.
  for (const name of Object.keys(process.env)) if (name.startsWith('TS_NODE_')) delete process.env[name]
  if (!service) {
    beforeCompiling()
    require('./typescript.cjs')
    // ts-node would install it, too: whoever comes first says how.
    supportForMaps()
  }
  service ??= require('ts-node').create({ cwd: root, projectSearchDir: root, transpileOnly: true })
  return fromBeside(service.compile(source, file), file)
}

/** Lets the source map name the source as a file beside the code, wherever that is. */
function fromBeside(code, file) {
  const name = path.basename(file)
  return code.replace(/(?<=^\/\/# sourceMappingURL=data:[^,]*,).*$/m, (data) => {
    const map = JSON.parse(Buffer.from(data, 'base64').toString())
    return Buffer.from(JSON.stringify({ ...map, file: name, sources: [encodeURI(name)] })).toString('base64')
  })
}

/** What a file is compiled to, from the cache if it is there. */
function codeOf(file, source) {
  const name = file.startsWith(scratch) ? path.basename(file) : file
  const key = createHash('sha1').update(salt).update(name).update(source).digest('hex')
  const cached = path.join(cache, `${key}.js`)
  try {
    return fs.readFileSync(cached, 'utf8')
  } catch {
    const code = compile(source, file)
    try {
      fs.mkdirSync(cache, { recursive: true })
      fs.writeFileSync(`${cached}.${process.pid}`, code)
      fs.renameSync(`${cached}.${process.pid}`, cached)
    } catch {
      // Without a cache (an installation that cannot be written to) the next start is slower, nothing else.
    }
    return code
  }
}

/** The same, known from then on until the source changes: a test that meets one dog after another is loaded for each of them. */
function compiledFrom(file) {
  const source = fs.readFileSync(file, 'utf8')
  if (sources.get(file) !== source) {
    remember(file, codeOf(file, source))
    sources.set(file, source)
  }
  return compiled.get(file)
}

require.extensions['.ts'] = (module, file) => module._compile(compiledFrom(file), file)

const resolveFilename = Module._resolveFilename
Module._resolveFilename = function (request, ...rest) {
  if (Object.hasOwn(own, request)) return own[request]
  if (request === 'tap') require('./tap.cjs')
  try {
    return resolveFilename.call(this, request, ...rest)
  } catch (error) {
    // `./dog.js`, as TypeScript too allows one to call `dog.ts`.
    if (!/^\.{1,2}\/.*\.js$/.test(request)) throw error
    return resolveFilename.call(this, request.replace(/\.js$/, '.ts'), ...rest)
  }
}

/**
 * For code that is compiled elsewhere (the REPL's cells): after `remember(file, code)` its stack traces are right too.
 * `originalPlace` is for places that do not come from a stack trace.
 */
module.exports = {
  remember,
  originalPlace,
  /** Compiles a file that is loaded later. Throws what loading it would, if it cannot be read or compiled. */
  compileAhead(file) {
    compiledFrom(file)
  },
  /** @param tell is called if a file turns out to be new, before it is compiled */
  onCompiling(tell) {
    beforeCompiling = tell
  },
}
