// hint: wrong-place
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  @event('TrickAdded')
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
