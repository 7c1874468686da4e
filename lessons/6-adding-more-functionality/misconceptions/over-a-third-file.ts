// hint: dog-knows-school
// file: dog.ts
import { Aggregate, event } from 'dog-school'
import { schools } from './registry'


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
}

export const schoolCount = () => schools.length
// file: registry.ts
import { DogSchool } from './dog-school'

export const schools: (typeof DogSchool)[] = []
export const known = () => schools.includes(DogSchool)
