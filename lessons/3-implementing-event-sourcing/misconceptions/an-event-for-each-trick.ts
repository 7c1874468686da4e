// hint: event-names
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  addTrick(trick: string) {
    if (this.tricks.length === 0) this.addFirst(trick)
    else this.addAnother(trick)
  }

  @event('FirstTrickAdded')
  addFirst(trick: string) {
    this.tricks.push(trick)
  }

  @event('TrickAdded')
  addAnother(trick: string) {
    this.tricks.push(trick)
  }
}
