// hint: event-names
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Register')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('AddTrick')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
