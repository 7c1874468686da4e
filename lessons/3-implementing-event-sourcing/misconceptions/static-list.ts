// hint: outside-state
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  static list: string[] = []
  constructor(readonly name: string) {
    super()
  }

  get tricks() {
    return Dog.list
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    Dog.list.push(trick)
  }
}
