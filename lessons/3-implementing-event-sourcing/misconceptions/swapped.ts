// hint: event-names
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('TrickAdded')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('Registered')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
