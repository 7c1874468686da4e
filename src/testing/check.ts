/**
 * The few assertions that the contract is written with. They have tap's names, and need no test runner. Their messages
 * are for somebody who did not write the case, and may not see its code: they tell what was expected and what came.
 *
 * As in tap, a case goes on after an assertion that failed, so that one that fails in a callback is not lost.
 */
import { equal } from '../aggregates/equal'
import { nothing } from './compare'
import { CallSite } from './failure'
import { errorText } from './outcome'
import { failed } from './report'
import { show, showBoth } from './show'

/** What an error must be: an instance of a class, or have these fields, such as `{ code: 'CLOSED' }`. */
export type Thrown = (new (...args: never[]) => Error) | Readonly<Record<string, unknown>>

export class Check {
  readonly failures: Error[] = []
  readonly #patience: number

  /** @param patience how many milliseconds something that must happen may take */
  constructor(patience: number) {
    this.#patience = patience
  }

  ok(value: unknown, detail = ''): void {
    if (!value) this.#differs('must be true', detail, [true, value], this.ok)
  }
  notOk(value: unknown, detail = ''): void {
    if (value) this.#differs('must be false', detail, [false, value], this.notOk)
  }
  equal(got: unknown, wanted: unknown, detail = ''): void {
    if (!Object.is(got, wanted)) this.#differs('must be the same value', detail, [wanted, got], this.equal)
  }
  strictSame(got: unknown, wanted: unknown, detail = ''): void {
    if (!equal(got, wanted, true)) this.#differs('must have the same content', detail, [wanted, got], this.strictSame)
  }
  match(got: unknown, wanted: RegExp, detail = ''): void {
    if (!wanted.test(String(got))) this.#differs('must match', detail, [wanted, got], this.match)
  }
  async rejects(promise: Promise<unknown>, wanted: Thrown, detail = ''): Promise<void> {
    const failed = (actual: string) =>
      this.#failed('must be refused', detail, { expected: thrownText(wanted), actual }, this.rejects)
    await promise.then(
      (result) => failed(`returns ${show(result)}`),
      (error) => (isSuch(error, wanted) ? undefined : failed(errorText(error))),
    )
  }
  /** Waits for something that must happen, and goes on without it in the end. */
  async happens(promise: Promise<unknown>, detail = ''): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, this.#patience, 'late')
    })
    try {
      if ((await Promise.race([promise, late])) !== 'late') return
      this.#failed('must happen', detail, { expected: `within ${this.#patience} ms`, actual: nothing }, this.happens)
    } finally {
      clearTimeout(timer)
    }
  }
  fail(what: string): void {
    this.failures.push(new CallSite(this.fail).failure(what, { expected: undefined, actual: undefined }))
  }

  #differs(must: string, detail: string, [wanted, got]: [unknown, unknown], below: Below): void {
    const [expected, actual] = showBoth(wanted, got)
    this.#failed(must, detail, { expected, actual }, below)
  }

  #failed(must: string, detail: string, texts: { expected: string; actual: string }, below: Below): void {
    this.failures.push(failed(new CallSite(below), { what: detail ? `${must}: ${detail}` : must, ...texts }))
  }
}

type Below = (...args: never[]) => unknown

const isSuch = (error: unknown, wanted: Thrown): boolean =>
  typeof wanted === 'function'
    ? error instanceof wanted
    : Object.entries(wanted).every(([key, value]) => Object.is(Object(error)[key], value))

const thrownText = (wanted: Thrown): string =>
  `throws ${typeof wanted === 'function' ? wanted.name : `an error with ${show(wanted)}`}`
