// hint: event-name
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Dog.Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('Dog.TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
