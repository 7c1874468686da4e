// file: dog.ts
import { Aggregate, defineEvent, event } from 'dog-school'
import { z } from 'zod'

@event(defineEvent('Registered', z.object({ name: z.string().min(1) })))
export class Dog extends Aggregate {
  tricks: string[] = []
  name: string
  constructor(called: string) {
    super()
    this.name = called
  }

  @event(defineEvent('TrickAdded', z.object({ trick: z.string() })))
  addTrick(newTrick: string) {
    this.tricks = [...this.tricks, newTrick]
  }
}
