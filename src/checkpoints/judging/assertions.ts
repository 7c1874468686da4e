/**
 * What the learner's tests assert, with the values at that moment. tap's own words for an assertion that fails are a text
 * to be read; a hint needs the values, and of those that pass tap says nothing at all.
 */

import { inspect } from 'node:util'
import type { Place } from '../../course/verdict'
import { assertionsOfTap } from './host'
import { placeIn } from './load-answer'

export interface Assertion {
  /** tap's name for it: `strictSame`. */
  readonly method: string
  /** What it looked at, and what that was to be compared with: lists are copies, since dogs go on learning. */
  readonly values: readonly unknown[]
  /** The same, as it was shown at that moment. */
  readonly shown: readonly string[]
  readonly passed: boolean
  readonly place: Place | undefined
}

type Method = (this: unknown, ...args: unknown[]) => unknown
/** Those that look at one value; a message may follow. */
const single = new Set(['ok', 'notOk', 'throws', 'doesNotThrow', 'error'])

let hear: ((assertion: Assertion) => void) | undefined
let folder = ''
/** An assertion may be made of others. */
let depth = 0

/** Until it is stopped, gathers the assertions that are made in files of this folder. */
export function watchAssertions(inside: string) {
  watch()
  const made: Assertion[] = []
  folder = inside
  hear = (assertion) => made.push(assertion)
  const stop = () => {
    hear = undefined
    return made
  }
  return { stop }
}

/** To look at a dog is not to ask him: how he shows himself is left to the learner's code. */
const shown = (value: unknown) =>
  inspect(value, { depth: 4, breakLength: 72, getters: true, customInspect: false })
    .replace(/\[Getter(?:\/Setter)?: (.*?)\](?=,| ?[\n}])/g, '$1')
    .replace(/\[Getter(?:\/Setter)?\] /g, '')

let isWatched = false
function watch(): void {
  if (isWatched) return
  isWatched = true
  const own = assertionsOfTap().prototype as Record<string, Method>
  for (const name of Object.getOwnPropertyNames(own)) {
    const method = own[name]
    if (name === 'constructor' || name === 'emits' || typeof method !== 'function') continue
    own[name] = function (...args) {
      if (!hear || depth > 0) return method.apply(this, args)
      const values = args.slice(0, single.has(name) ? 1 : 2).map((value) => (Array.isArray(value) ? [...value] : value))
      const seen = values.map(shown)
      const inside = folder
      const error = new Error()
      depth++
      let passed = false
      try {
        const answer = method.apply(this, args)
        passed = answer !== false
        return answer
      } finally {
        depth--
        hear?.({
          method: name,
          values,
          shown: seen,
          passed,
          // To find it takes longer than most assertions, and few are asked for it.
          get place() {
            return placeIn(error.stack ?? '', inside)
          },
        })
      }
    }
  }
}
