/**
 * Runs the tests: a tap program that starts each file as a program of its own, as many at a time as the machine takes, and
 * looks at the end whether one of them has left a process behind. `npm test -- repl sqlite` runs the files with one of
 * these in their paths, `npm test -- --long` all that takes long as well.
 *
 * This is what `tap run` does, which loads a compiler, a mocker and a tracer into each file and into all that it starts: two seconds of the processor for each file, which is more than most of them need.
 */
'use strict'
const { spawn, spawnSync } = require('node:child_process')
const { mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs')
const { availableParallelism } = require('node:os')
const path = require('node:path')
const { PassThrough } = require('node:stream')
const { parseArgs } = require('node:util')
const { t, TapFile } = require('tap')
const { endProcesses, MARK } = require('./left-behind.cjs')

const root = path.join(__dirname, '..')
const run = path.join(root, 'src', 'node', 'run.cjs')
const before = path.join(__dirname, 'without-domains.cjs')
const { values, positionals: wanted } = parseArgs({ allowPositionals: true, options: { long: { type: 'boolean' } } })
if (values.long) process.env.DOG_SCHOOL_LONG = '1'
/** How long a file may take, in milliseconds: only one that hangs takes as long, however busy the machine is. */
const timeout = (values.long ? 3600 : 1200) * 1000

/** How long each file took when it last ended in good order, in milliseconds. */
const times = path.join(root, 'node_modules', '.cache', 'dog-school', `test-times${values.long ? '-long' : ''}.json`)
const took = readTimes()

/**
 * Those that take long come first, so that none of them is alone at the end: as they took the last time, and before there was
 * one, by their kind. Before all comes the one that packs what others take.
 */
const kinds = [
  'package.test',
  'lessons/proof',
  'notebook/',
  'lessons/',
  'repl/',
  'torture/',
  'recorders/sqlite-',
  'package/',
]
const rank = (file) => [...kinds, ''].findIndex((start) => file.startsWith(start))
const order = (a, b) =>
  (rank(b) === 0) - (rank(a) === 0) ||
  (took[b] ?? Number.MAX_VALUE) - (took[a] ?? Number.MAX_VALUE) ||
  rank(a) - rank(b) ||
  (a < b ? -1 : 1)

const files = readdirSync(__dirname, { recursive: true })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => `test/${file}`.includes(part)))
  .sort(order)
/** Those that need a PostgreSQL server, where there is none: together, they are one skip. */
const hasServer = process.env.POSTGRES_URL !== undefined || process.env.CI === 'true'
const skipped = files.filter((file) => !hasServer && /(^|\/)postgres-[^/]*$/.test(file))

/**
 * Half of the time of most files would go into making SQLite's code faster, and a tenth of it into threads of V8 that help the
 * one where the code runs: here, the other processors have tests of their own.
 */
const flags = ['--liftoff-only', '--single-threaded']

/** The files that did not end with 0: a test may fail after it has said that all is well. */
const ends = []

/** A test file that runs as a program of its own. What tap itself spawns, and all that this starts, has the tracer in it. */
class TestFile extends TapFile {
  constructor(options) {
    super({ ...options, tapStream: new PassThrough() })
  }

  main(done) {
    const { file } = this.options
    const begun = performance.now()
    const child = spawn(process.execPath, [...flags, '-r', before, run, path.join(__dirname, file)], {
      cwd: root,
      env: { ...process.env, [MARK]: `${process.pid} ${file}`, TAP_TIMEOUT: String(timeout / 1000) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const limit = setTimeout(() => child.kill('SIGKILL'), timeout)
    child.stdout.pipe(this.tapStream, { end: false })
    child.on('close', (status, signal) => {
      clearTimeout(limit)
      if (status === 0) took[file] = Math.round(performance.now() - begun)
      else ends.push(`${file}: ${signal ?? status}`)
      this.tapStream.end()
    })
    super.main(done)
  }
}

function readTimes() {
  try {
    return JSON.parse(readFileSync(times, 'utf8'))
  } catch {
    return {}
  }
}

function keepTimes() {
  try {
    mkdirSync(path.dirname(times), { recursive: true })
    writeFileSync(times, JSON.stringify(took))
  } catch {
    // Then the order stays as it is.
  }
}

/** For a person: what fails, and how far it is. For a pipe, TAP. */
async function reportTo(t) {
  if (!process.stdout.isTTY) return
  const { report } = await import('@tapjs/reporter')
  await report('base', t, new Map())
}

async function main() {
  await reportTo(t)
  // Twice as many as there are processors: half of the time, a test waits for a process, a timer, or a key to be seen.
  t.jobs = 2 * availableParallelism()
  t.setTimeout(0)
  t.ok(files.length > 0, 'there are tests')
  if (skipped.length > 0)
    t.test('on a PostgreSQL server', {
      skip: `set POSTGRES_URL=postgres://user@host:5432/database for ${skipped.join(', ')}`,
    })
  const running = files.filter((file) => !skipped.includes(file))
  // Before the first that look at it: each of them would build a page of its own.
  if (running.some((file) => /^notebook\/|^lessons\/proof/.test(file)))
    spawnSync(process.execPath, [run, path.join(__dirname, 'notebook', 'build.ts')], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  const runs = running.map((file) => t.sub(TestFile, { name: `test/${file}`, file, buffered: true }))
  await Promise.all(runs)
  keepTimes()
  t.strictSame(ends, [], 'each file ended in good order')
  t.strictSame(await endProcesses(`${process.pid} `), [], 'no process is left behind')
}

void main()
