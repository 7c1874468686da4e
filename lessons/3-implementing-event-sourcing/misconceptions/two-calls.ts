// hint: recorded-twice
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  addTrick(trick: string) {
    this.learn(trick)
    this.learn(trick)
  }

  @event('TrickAdded')
  learn(trick: string) {
    this.tricks.push(trick)
  }
}
