// file: dog.ts
import { Aggregate, event } from 'dog-school'

abstract class Animal extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

@event('Registered')
export class Dog extends Animal {}
