// hint: event-names
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('trickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
