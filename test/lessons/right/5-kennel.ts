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

abstract class Kennel extends Application {
  protected load(id: string) { return this.repository.get(Dog, id) }
  protected async change(id: string, by: (dog: Dog) => void) { const dog = await this.load(id); by(dog); await this.save(dog) }
}
export class DogSchool extends Kennel {
  async registerDog(name: string) {
    const dog = new Dog(name)
    await this.save(dog)
    return dog.id
  }
  async addTrick(id: string, trick: string) {
    await this.change(id, (dog) => dog.addTrick(trick))
  }
  async getDog(dogId: string) {
    const dog = await this.repository.get(Dog, dogId)
    return { name: dog.name, tricks: [...dog.tricks] }
  }
}
