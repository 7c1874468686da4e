// hint: not-an-application
// file: dog-school.ts
import { Aggregate, Application, event } from 'dog-school'

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

console.log(Application.name)

export class DogSchool {
  readonly #dogs = new Map<string, Dog>()

  async registerDog(name: string) {
    const dog = new Dog(name)
    this.#dogs.set(dog.id, dog)
    return dog.id
  }

  async addTrick(dogId: string, trick: string) {
    this.#dogs.get(dogId)?.addTrick(trick)
  }

  async getDog(dogId: string) {
    const dog = this.#dogs.get(dogId)
    return { name: dog?.name, tricks: [...(dog?.tricks ?? [])] }
  }
}
