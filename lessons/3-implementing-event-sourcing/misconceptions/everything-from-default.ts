// hint: not-imported
// file: dog.ts
import library from 'dog-school'

const { Aggregate, event } = library

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
