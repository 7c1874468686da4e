// hint: no-registered
// file: dog.ts
import { Aggregate } from 'dog-school'

export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
