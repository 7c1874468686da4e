// hint: not-an-aggregate
// file: dog.ts
import { Aggregate, event } from 'dog-school'

console.log(Aggregate, event)

export class Dog {
  readonly tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
