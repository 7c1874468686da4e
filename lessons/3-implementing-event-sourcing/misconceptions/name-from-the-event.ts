// hint: only-while-pending
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(name: string) {
    super()
    console.log(name)
  }

  get name() {
    return String(this.pendingEvents[0]?.payload.name)
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
