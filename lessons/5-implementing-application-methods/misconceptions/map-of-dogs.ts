// hint: kept-in-memory
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

export class DogSchool extends Application {
  readonly #dogs = new Map<string, Dog>()

  async registerDog(name: string) {
    const dog = new Dog(name)
    this.#dogs.set(dog.id, dog)
    await this.save(dog)
    return dog.id
  }

  async addTrick(dogId: string, trick: string) {
    const dog = this.#dogs.get(dogId)
    if (!dog) throw new Error('No such dog')
    dog.addTrick(trick)
    await this.save(dog)
  }

  async getDog(dogId: string) {
    const dog = this.#dogs.get(dogId)
    if (!dog) throw new Error('No such dog')
    return { name: dog.name, tricks: [...dog.tricks] }
  }
}
