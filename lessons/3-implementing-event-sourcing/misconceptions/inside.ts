// hint: not-exported
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
new Dog('Fido')
