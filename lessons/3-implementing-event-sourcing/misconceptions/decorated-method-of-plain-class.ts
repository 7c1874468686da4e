// hint: no-aggregate-call
// file: dog.ts
import { event } from 'dog-school'

export class Dog {
  readonly tricks: string[] = []
  constructor(readonly name: string) {}

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
