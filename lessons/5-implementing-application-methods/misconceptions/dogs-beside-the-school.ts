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

const dogs = new Map<string, Dog>()
export class DogSchool extends Application {
  async registerDog(name: string) {
    const dog = new Dog(name)
    dogs.set(dog.id, dog)
    await this.save(dog)
    return dog.id
  }
  async addTrick(dogId: string, trick: string) {
    const dog = dogs.get(dogId)
    if (!dog) throw new Error("no such dog")
    dog.addTrick(trick)
    await this.save(dog)
  }
  async getDog(dogId: string) {
    const dog = dogs.get(dogId)
    if (!dog) throw new Error("no such dog")
    return { name: dog.name, tricks: [...dog.tricks] }
  }
}
