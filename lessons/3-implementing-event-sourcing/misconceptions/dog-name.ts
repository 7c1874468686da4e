// hint: facts
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  readonly name: string
  constructor(dogName: string) {
    super()
    this.name = dogName
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
