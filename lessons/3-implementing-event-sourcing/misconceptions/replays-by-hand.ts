// hint: recorded-again
// file: dog.ts
import { Aggregate, event } from 'dog-school'

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

  static replay(events: any): any {
    const dog = new Dog(events[0].payload.name)
    for (const { payload } of events.slice(1)) dog.addTrick(payload.trick)
    return dog
  }
}
