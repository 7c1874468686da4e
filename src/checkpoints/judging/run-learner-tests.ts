/**
 * Runs the learner's test file against one dog after another, in this process: each time the file is loaded anew, `./dog`
 * is that dog, and `tap` is a test of its own, whose output goes nowhere.
 */
import { realpathSync } from 'node:fs'
import { findSourceMap, Module } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Place } from '../../course/verdict'
import { load, placeIn, unload } from './load-answer'

/** The first thing in a test file that did not pass. */
export interface Failure {
  /** What tap calls it: the message of the assertion, or of what was thrown. */
  readonly name: string
  /** The difference between what was expected and what was found, as tap draws it. */
  readonly diff?: string
  readonly place?: Place
  /** Two things that say the same were asked to be one and the same. */
  readonly isIdentity: boolean
  readonly isThrown: boolean
}

export interface TestRun {
  readonly passed: boolean
  /** How many assertions were made. */
  readonly asserts: number
  /** False if a test waited for longer than the limit. */
  readonly ended: boolean
  readonly failure?: Failure
  /** What was thrown while the file was loaded: without a dog, that is how a test fails. */
  readonly problem?: unknown
}

type Load = (request: string, parent: { readonly filename?: string } | undefined, isMain: boolean) => unknown
const { originalPlace } = require('../../node/register.cjs') as { originalPlace(compiled: Place): Place | undefined }
const loader = Module as unknown as { _load: Load }
/** For one dog, in milliseconds: a test of an object in memory waits for nothing. */
const LIMIT = 3000

/** @param dog what `./dog` exports; undefined: there is no such file */
export async function runTests(folder: string, file: string, dog: object | undefined): Promise<TestRun> {
  const { Test } = require('tap') as typeof import('tap')
  const found: Result[] = []
  let problem: unknown
  const test = new Test({
    name: file,
    bail: false,
    cb: async () => {
      try {
        withModules(folder, { './dog': dog, tap: tapOf(test) }, () => {
          unload(folder)
          load(folder, file)
        })
      } catch (error) {
        problem = error
      }
    },
  })
  follow(test.parser as unknown as Parser, found)
  test.on('data', () => undefined)
  const limit = new AbortController()
  const ended = await Promise.race([
    new Promise<boolean>((resolve) => test.runMain(() => resolve(true))),
    sleep(LIMIT, false, { signal: limit.signal }),
  ])
  limit.abort()
  const failed = found.find(({ ok, todo, skip }) => !ok && !todo && !skip)
  return {
    passed: ended && !problem && !failed && test.passing(),
    asserts: found.filter(({ todo, skip }) => !todo && !skip).length,
    ended,
    ...(problem !== undefined && { problem }),
    ...(failed && { failure: failureOf(failed, folder) }),
  }
}

/** One line of TAP, as the parser gives it. */
interface Result {
  readonly ok: boolean
  readonly name: string
  readonly todo: unknown
  readonly skip: unknown
  /** It sums up a test, and asserts nothing itself. */
  readonly closingTestPoint?: boolean
  readonly diag?: {
    readonly diff?: string
    readonly note?: string
    readonly type?: string
    readonly tapCaught?: string
    readonly stack?: string
  } | null
}

interface Parser {
  on(event: 'assert', listen: (result: Result) => void): void
  on(event: 'child', listen: (parser: Parser) => void): void
}

function follow(parser: Parser, found: Result[]): void {
  parser.on('assert', (result) => {
    if (!result.closingTestPoint) found.push(result)
  })
  parser.on('child', (child) => follow(child, found))
}

function failureOf({ name, diag }: Result, folder: string): Failure {
  const isThrown = diag?.tapCaught !== undefined
  // The stack of an error is one of sources already; tap looks for the place of an assertion itself, in the compiled code.
  const place = placeIn(diag?.stack ?? '', folder, isThrown ? undefined : sourceOf)
  return {
    name: diag?.type ? `${diag.type}: ${name}` : name,
    ...(diag?.diff && { diff: diag.diff.trim() }),
    ...(place && { place }),
    isIdentity: diag?.note === 'object identities differ',
    isThrown,
  }
}

function sourceOf(place: Place): Place | undefined {
  const { file, line, column } = place
  // Node itself may have been started with source maps: then tap has used them.
  if (findSourceMap(file)) return place
  const original = originalPlace({ file, line, column: column - 1 })
  return original && { ...original, column: original.column + 1 }
}

/** `tap` as a module whose every function belongs to this test. */
function tapOf(test: object): object {
  const real: Record<string, unknown> = require('tap')
  const own = Object.entries(real).map(([name, value]) => {
    const method = (test as Record<string, unknown>)[name]
    return [name, typeof method === 'function' && !/^[A-Z]/.test(name) ? method.bind(test) : value] as const
  })
  return { ...Object.fromEntries(own), t: test, default: test, __esModule: true }
}

/** While something runs, files of this folder find these modules under these names. */
function withModules(folder: string, modules: Readonly<Record<string, object | undefined>>, run: () => void): void {
  const inside = join(realpathSync(folder), '/')
  const real = loader._load
  loader._load = (request, parent, isMain) => {
    const name = request.replace(/\.[jt]s$/, '')
    if (!parent?.filename?.startsWith(inside) || !Object.hasOwn(modules, name))
      return real.call(loader, request, parent, isMain)
    const module = modules[name]
    if (module) return module
    throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' })
  }
  try {
    run()
  } finally {
    loader._load = real
  }
}
