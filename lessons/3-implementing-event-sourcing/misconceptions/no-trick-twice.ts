// hint: plain
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    if (!this.tricks.includes(trick)) this.tricks.push(trick)
  }
}
