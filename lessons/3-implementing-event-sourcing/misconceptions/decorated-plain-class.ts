// hint: not-an-aggregate
// file: dog.ts
import { Aggregate, event } from 'dog-school'

console.log(Aggregate.name)

@event('Registered')
export class Dog {
  readonly tricks: string[] = []
  constructor(readonly name: string) {}

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
