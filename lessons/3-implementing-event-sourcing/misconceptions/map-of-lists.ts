// hint: outside-state
// file: dog.ts
import { Aggregate, event } from 'dog-school'

const known = new Map<string, string[]>()

@event('Registered')
export class Dog extends Aggregate {
  constructor(readonly name: string) {
    super()
  }

  get tricks() {
    return known.get(this.id) ?? []
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    known.set(this.id, [...this.tricks, trick])
  }
}
