// hint: facts
// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  addTrick(trick: string) {
    this.learn([...this.tricks, trick])
  }

  @event('TrickAdded')
  learn(tricks: string[]) {
    this.tricks = tricks
  }
}
