/**
 * `given … when … then …` is one sentence, and a test that does not end it, or does not wait for it, would pass whatever
 * the code does. So both are errors, which every test runner sees.
 *
 * The objects of a sentence have a method `then`, so that an `await` of half a sentence comes here as well.
 */

import type { Mismatch } from './compare'
import { CallSite } from './failure'
import { failed } from './report'

// Test runners replace it by a clock of their own, perhaps before this module is loaded.
const { queueMicrotask } = globalThis
const isReal = String(queueMicrotask).includes('[native code]')
/** A test waits for what it was given after one turn of the engine, or a few more if it comes from an async function. */
const turns = 10

/** Unless somebody was there in time, throws an error that is nobody's: test runners fail for it. */
async function shout(error: Error, isThere: () => boolean): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await null
  if (isThere()) return
  // jest dies of a rejection that nobody handles.
  if (!isReal) throw error
  queueMicrotask(() => {
    throw error
  })
}

type Called = (...args: never[]) => unknown

/** What is known of a sentence from its first word on. */
export class Sentence {
  readonly #given: () => string
  readonly #unfinished: Error
  #when = ''
  #isEnded = false

  /** @param given how that is written  @param begin the function that the user has called */
  constructor(given: () => string, begin: Called) {
    this.#given = given
    this.#unfinished = new CallSite(begin).misuse(
      'This checks nothing: end it with then(…), thenNothing() or thenThrows(…), in one expression',
    )
    void shout(this.#unfinished, () => this.#isEnded)
  }

  /** @param text how the command is written; what it throws is about a wrong argument, and ends the sentence */
  when(text: () => string): void {
    this.must(() => {
      this.#when = text()
    })
  }

  /** Ends the sentence if something is wrong with an argument: one error is enough. */
  must(check: () => void): void {
    try {
      check()
    } catch (error) {
      this.#isEnded = true
      throw error
    }
  }

  /** Ends it with a check, which runs at once. @param end the function that the user has called */
  end(end: Called, check: () => Promise<Mismatch | undefined>): Promise<void> {
    this.#isEnded = true
    const here = new CallSite(end)
    const judge = (mismatch: Mismatch | undefined) => {
      if (mismatch) throw failed(here, mismatch, { given: this.#given(), when: this.#when })
    }
    // What is wrong with what was given.
    const refuse = (error: unknown) => {
      throw error instanceof Error ? here.blamed(error) : error
    }
    return new Verdict(
      check().then(judge, refuse),
      here.misuse('This test ends before its check: write await before given(…), or return it'),
    )
  }

  /** Whether `then` was called by an `await` or a test runner, and not by a person. It then fails. */
  isAwaited(args: readonly unknown[]): boolean {
    const [, reject] = args
    if (!args.some((each) => typeof each === 'function')) return false
    this.#isEnded = true
    if (typeof reject !== 'function') throw this.#unfinished
    reject(this.#unfinished)
    return true
  }
}

/** A promise that notices whether somebody waits for it. */
class Verdict extends Promise<undefined> {
  // Promises that follow from this one are ordinary ones.
  static override get [Symbol.species]() {
    return Promise
  }
  #isAwaited = false

  constructor(outcome: Promise<void>, unawaited: Error) {
    super((resolve, reject) => void outcome.then(() => resolve(undefined), reject))
    void shout(unawaited, () => {
      // What it brings is nobody's error then: one is enough.
      if (!this.#isAwaited) void super.then(undefined, () => undefined)
      return this.#isAwaited
    })
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  override then<A = undefined, B = never>(
    fulfilled?: ((value: undefined) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#isAwaited = true
    return super.then(fulfilled, rejected)
  }
}
