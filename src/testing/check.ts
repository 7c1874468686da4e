/**
 * The few assertions that the contract is written with. They have tap's names, and need no test runner.
 *
 * As in tap, a case goes on after an assertion that failed. One that fails in a callback is so not lost.
 */
import { equal } from '../aggregates/equal'
import { CallSite } from './failure'

/** What an error must be: an instance of a class, or have these fields, such as `{ code: 'CLOSED' }`. */
export type Thrown = (new (...args: never[]) => Error) | Readonly<Record<string, unknown>>

export class Check {
  readonly failures: Error[] = []
  readonly #patience: number

  /** @param patience how many milliseconds something that must happen may take */
  constructor(patience: number) {
    this.#patience = patience
  }

  ok(value: unknown, message = 'must be true'): void {
    if (!value) this.#failed(message, value, true, this.ok)
  }
  notOk(value: unknown, message = 'must be false'): void {
    if (value) this.#failed(message, value, false, this.notOk)
  }
  equal(got: unknown, wanted: unknown, message = 'must be the same value'): void {
    if (!Object.is(got, wanted)) this.#failed(message, got, wanted, this.equal)
  }
  strictSame(got: unknown, wanted: unknown, message = 'must have the same content'): void {
    if (!equal(got, wanted, true)) this.#failed(message, got, wanted, this.strictSame)
  }
  match(got: unknown, wanted: RegExp, message = 'must match'): void {
    if (!wanted.test(String(got))) this.#failed(message, got, wanted, this.match)
  }
  async rejects(promise: Promise<unknown>, wanted: Thrown, message = 'must be refused'): Promise<void> {
    const failed = (got: unknown) => this.#failed(message, got, wanted, this.rejects)
    await promise.then(failed, (error) => (isSuch(error, wanted) ? undefined : failed(error)))
  }
  /** Waits for something that must happen, and goes on without it in the end. */
  async happens(promise: Promise<unknown>, message = 'must happen'): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, this.#patience, 'late')
    })
    try {
      if ((await Promise.race([promise, late])) !== 'late') return
      this.#failed(message, `nothing in ${this.#patience} ms`, undefined, this.happens)
    } finally {
      clearTimeout(timer)
    }
  }
  fail(message: string): void {
    this.#failed(message, undefined, undefined, this.fail)
  }

  #failed(message: string, actual: unknown, expected: unknown, below: (...args: never[]) => unknown): void {
    this.failures.push(new CallSite(below).failure(message, { actual, expected }))
  }
}

const isSuch = (error: unknown, wanted: Thrown): boolean =>
  typeof wanted === 'function'
    ? error instanceof wanted
    : Object.entries(wanted).every(([key, value]) => Object.is(Object(error)[key], value))
