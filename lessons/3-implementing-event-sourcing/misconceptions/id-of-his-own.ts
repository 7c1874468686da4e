// hint: id-and-version
// file: dog.ts
import { randomUUID } from 'node:crypto'
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly id = randomUUID()
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
