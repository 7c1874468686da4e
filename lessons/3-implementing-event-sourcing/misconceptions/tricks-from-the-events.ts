// hint: only-while-pending
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  get tricks() {
    return this.pendingEvents.filter(({ name }) => name === 'TrickAdded').map(({ payload }) => payload.trick)
  }
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    console.log(trick)
  }
}
