/** A dog, and the event types with which tests speak of it. */
import { Aggregate, defineEvent, event } from 'dog-school'
import { z } from 'zod'

export const Registered = defineEvent('Registered', z.object({ name: z.string() }))
export const TrickAdded = defineEvent('TrickAdded', z.object({ trick: z.string() }))
export const Retired = defineEvent('Retired', z.object({}))

@event(Registered)
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  isRetired = false
  constructor(readonly name: string) {
    super()
  }

  addTrick(trick: string) {
    if (this.tricks.includes(trick)) throw new RangeError(`${this.name} can ${trick} already`)
    this.trickAdded(trick)
  }
  teach(...tricks: string[]) {
    for (const trick of tricks) this.addTrick(trick)
  }
  puppy(name: string) {
    return new Dog(name)
  }

  @event(TrickAdded)
  private trickAdded(trick: string) {
    this.tricks.push(trick)
  }
  @event(Retired)
  retire() {
    this.isRetired = true
  }
}

/** The error of a check that must fail. */
export async function failureOf(check: Promise<void>): Promise<Error & { expected?: unknown; actual?: unknown }> {
  return check.then(
    () => {
      throw new Error('it passed')
    },
    (error) => error,
  )
}
