// hint: facts
// file: dog.ts
import { z } from 'zod'
import { Aggregate, defineEvent, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event(defineEvent('TrickAdded', z.object({ trick: z.string(), level: z.number() })))
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
