// hint: another-each-time
// file: dog.ts
import { Aggregate, event } from 'dog-school'

let dogs = 0

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  readonly number = ++dogs
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
