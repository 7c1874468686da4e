// hint: some-not-recorded
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  addTrick(trick: string) {
    if (this.tricks.length === 0) this.tricks.push(trick)
    else this.learn(trick)
  }

  @event('TrickAdded')
  learn(trick: string) {
    this.tricks.push(trick)
  }
}
