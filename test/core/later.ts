/** What a kennel's Pup recorded, as a later program reads it. */
import { Aggregate, events, type FormerEvents } from 'dog-school'

/** Being born has another name, learning is two events at one position, and learning nothing has been retired. */
export const Later = events(
  class Later extends Aggregate {
    static override readonly topic = 'kennel:Pup'
    static override readonly former: FormerEvents = {
      Born: () => [['Arrived', {}]],
      Learnt: ({ trick }) =>
        trick === 'nothing'
          ? []
          : [
              ['Tried', { trick }],
              ['Could', { trick }],
            ],
    }
    try(trick: string) {
      return trick
    }
    can(trick: string) {
      return trick
    }
  },
  { constructor: 'Arrived', try: 'Tried', can: 'Could' },
)
