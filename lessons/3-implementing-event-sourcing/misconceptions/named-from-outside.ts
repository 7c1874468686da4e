// hint: behind-the-event
// file: dog.ts
import { Aggregate, event } from 'dog-school'

const tricksOf = new WeakMap<object, string[]>()

@event('Registered')
export class Dog extends Aggregate {
  constructor(readonly name: string) {
    super()
  }

  get tricks() {
    return tricksOf.get(this) ?? []
  }

  addTrick(trick: string) {
    tricksOf.set(this, [...this.tricks, trick])
    this.added(trick)
  }

  @event('TrickAdded')
  added(trick: string) {
    void trick
  }
}
