// hint: outside-state
// file: dog.ts
import { Aggregate, event } from 'dog-school'

const known: string[] = []

@event('Registered')
export class Dog extends Aggregate {
  constructor(readonly name: string) {
    super()
    if (name === 'Fido') known.length = 0
  }

  get tricks() {
    return [...known]
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    known.push(trick)
  }
}
