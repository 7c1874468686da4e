// hint: no-trick-added
// file: dog.ts
import { Aggregate, event } from 'dog-school'

class Animal extends Aggregate {
  readonly tricks: string[] = []

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

@event('Registered')
export class Dog extends Animal {
  constructor(readonly name: string) {
    super()
  }

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
