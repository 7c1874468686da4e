/** A situation of a view: the events that it follows, and what it then shows. */
import type { NotificationLog } from '../following/notification-log'
import { compareValues } from './compare'
import { eventText, mustBeSaid, type SaidEvent } from './said'
import { saidLog } from './said-log'
import type { Sentence } from './sentence'

/** Makes a projection of a log: `(log) => new Projection(log, …)`. */
export type MakesProjection<V> = (log: NotificationLog) => { catchUp(): Promise<V> }

export class ViewSituation<V> {
  readonly #sentence: Sentence
  readonly #make: MakesProjection<V>
  readonly #events: readonly SaidEvent[]

  constructor(sentence: Sentence, make: MakesProjection<V>, events: readonly SaidEvent[]) {
    this.#sentence = sentence
    this.#make = make
    this.#events = events
  }

  /** What happens then. */
  when(...events: SaidEvent[]): Pick<ViewSituation<V>, 'then'> {
    this.#sentence.when(() => {
      mustBeSaid(events, 'when()')
      return events.map(eventText).join('\n')
    })
    return new ViewSituation(this.#sentence, this.#make, [...this.#events, ...events])
  }

  /** The view has this content. It does not matter what is frozen, or used in several places. */
  // biome-ignore lint/suspicious/noThenProperty: an await of half a sentence is an error, which is found here
  then(view: V): Promise<void> {
    // biome-ignore lint/complexity/noArguments: an await passes two functions
    if (this.#sentence.isAwaited([...arguments])) return undefined as never
    const check = async () => compareValues('the view differs', view, await this.#make(saidLog(this.#events)).catchUp())
    return this.#sentence.end(this.then, check)
  }
}
