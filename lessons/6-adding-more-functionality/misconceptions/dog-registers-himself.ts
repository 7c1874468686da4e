// hint: dog-knows-school
// file: dog.ts
import { Aggregate, event } from 'dog-school'
import { DogSchool } from './dog-school'


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

export const registerIn = (school: DogSchool, name: string) => {
  if (!(school instanceof DogSchool)) throw new TypeError('No school')
  return school.registerDog(name)
}
