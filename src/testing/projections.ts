/** A situation of a view: the events that it follows, and what it then shows. */
import type { NotificationLog } from '../following/notification-log'
import { compareValues } from './compare'
import { eventsText, mustBeSaid, type SaidEvent } from './said'
import { saidLog } from './said-log'
import type { Sentence } from './sentence'
import { show } from './show'

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
      return eventsText(events)
    })
    return new ViewSituation(this.#sentence, this.#make, [...this.#events, ...events])
  }

  /** The view has this content. It does not matter what is frozen, or used in several places. */
  // biome-ignore lint/suspicious/noThenProperty: an await of half a sentence is an error, which is found here
  then(view: V): Promise<void> {
    // biome-ignore lint/complexity/noArguments: an await passes two functions
    if (this.#sentence.isAwaited([...arguments])) return undefined as never
    return this.#sentence.end(this.then, async () => compareValues('the view differs', view, await this.#view()))
  }

  #view(): Promise<V> {
    const projection: unknown = this.#make(saidLog(this.#events))
    if (typeof Object(projection).catchUp === 'function') return (projection as { catchUp(): Promise<V> }).catchUp()
    throw new TypeError(`The function returns the projection, (log) => new Projection(log, …), not ${show(projection)}`)
  }
}
