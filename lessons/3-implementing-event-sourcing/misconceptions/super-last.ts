// hint: super
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  tricks: string[]
  name: string
  constructor(name: string) {
    this.name = name
    this.tricks = []
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
