// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly #tricks: string[] = []
  get tricks(): readonly string[] { return this.#tricks }
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.#tricks.push(trick)
  }
}
