// hint: async
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  async addTrick(trick: string) {
    await Promise.resolve()
    this.learn(trick)
  }

  @event('TrickAdded')
  learn(trick: string) {
    this.tricks.push(trick)
  }
}
