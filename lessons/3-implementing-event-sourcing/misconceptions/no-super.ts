// hint: super
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  name: string
  constructor(name: string) {
    this.name = name
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
