// hint: two-decorators
// file: dog.ts
import { Aggregate, event } from 'dog-school'

export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('Registered')
  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
