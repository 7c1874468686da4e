// hint: behind-the-event
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  addTrick(trick: string) {
    this.tricks.push(trick)
    this.trickAdded(trick)
  }

  @event('TrickAdded')
  private trickAdded(trick: string) {
    console.log('added', trick)
  }
}
