// hint: not-imported
// file: dog.ts
import { Aggregate } from 'dog-school'

@Event('Registered')
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @Event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
