// file: dog.ts
import { Aggregate, event } from 'dog-school'
import { type Trick, tidy } from './tricks'

@event('Registered')
export class Dog extends Aggregate {
  readonly tricks: Trick[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    console.log('learning', tidy(trick))
    this.tricks.push(trick)
  }
}
// file: tricks.ts
export type Trick = string
export const tidy = (trick: Trick): Trick => trick.trim()
