/** The words of a sentence, one object each: `given(…)` returns the first, `.when(…)` the second. */
import type { Mismatch } from './compare'
import { type ExpectedError, judgeError, judgeEvents, mustBeError, type Outcome } from './outcome'
import { mustBeSaid, type SaidEvent } from './said'
import type { Sentence } from './sentence'

/** After `when`: what should happen. */
export class Consequence {
  readonly #sentence: Sentence
  readonly #run: () => Promise<Outcome>

  constructor(sentence: Sentence, run: () => Promise<Outcome>) {
    this.#sentence = sentence
    this.#run = run
  }

  /**
   * These events, in this order, and no others. Of each, its name and payload are compared, and of the aggregate, the
   * version, the time and the metadata what the test says.
   */
  // biome-ignore lint/suspicious/noThenProperty: an await of half a sentence is an error, which is found here
  then(...events: SaidEvent[]): Promise<void> {
    if (this.#sentence.isAwaited(events)) return undefined as never
    this.#sentence.must(() => mustBeSaid(events, 'then()'))
    return this.#end(this.then, (outcome) => judgeEvents(outcome, events))
  }

  /** It is allowed, and no event. */
  thenNothing(): Promise<void> {
    return this.#end(this.thenNothing, (outcome) => judgeEvents(outcome, []))
  }

  /**
   * It is refused, with this error, and nothing is recorded.
   *
   * @param error its `code` or its message, a pattern of its message, or its class
   * @param events what is recorded nevertheless
   */
  thenThrows(error: ExpectedError, ...events: SaidEvent[]): Promise<void> {
    this.#sentence.must(() => {
      mustBeError(error)
      mustBeSaid(events, 'thenThrows()')
    })
    return this.#end(this.thenThrows, (outcome) => judgeError(outcome, error, events))
  }

  #end(end: (...args: never[]) => unknown, judge: (outcome: Outcome) => Mismatch | undefined): Promise<void> {
    return this.#sentence.end(end, async () => judge(await this.#run()))
  }
}

/** After `given`: what is asked of it. */
export class Situation<C extends readonly unknown[]> {
  readonly #sentence: Sentence
  readonly #run: (...command: C) => Promise<Outcome>
  readonly #text: (...command: C) => string

  constructor(sentence: Sentence, run: (...command: C) => Promise<Outcome>, text: (...command: C) => string) {
    this.#sentence = sentence
    this.#run = run
    this.#text = text
  }

  when(...command: C): Consequence {
    this.#sentence.when(() => this.#text(...command))
    return new Consequence(this.#sentence, () => this.#run(...command))
  }

  /** @internal Called by an `await` of half a sentence, which fails. */
  // biome-ignore lint/suspicious/noThenProperty: see above
  then(...args: never[]): void {
    this.#sentence.isAwaited(args)
  }
}
