// hint: returns-nothing
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
  async registerDog(name: string) {
    const dog = new Dog(name)
    await this.save(dog)
  }

  async addTrick(dogId: string, trick: string) {
    const dog = await this.repository.get(Dog, dogId)
    dog.addTrick(trick)
    await this.save(dog)
  }

  async getDog(dogId: string) {
    const dog = await this.repository.get(Dog, dogId)
    return { name: dog.name, tricks: [...dog.tricks] }
  }
}
