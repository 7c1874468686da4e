// hint: mixed-up
// file: dog.ts
import { Aggregate, event } from 'dog-school'

const tricksByClass: string[] = []

@event('Registered')
export class Dog extends Aggregate {
  constructor(readonly name: string) {
    super()
  }

  get tricks() {
    return [...tricksByClass]
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    tricksByClass.push(trick)
  }
}
