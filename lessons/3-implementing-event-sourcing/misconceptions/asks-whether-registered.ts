// hint: only-while-pending
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  addTrick(trick: string) {
    if (this.pendingEvents.length === 0) throw new Error('This dog is not registered')
    this.learn(trick)
  }

  @event('TrickAdded')
  learn(trick: string) {
    this.tricks.push(trick)
  }
}
