// hint: mixed-up
// file: dog-school.ts
import { Application } from 'dog-school'
import { Dog } from './dog'

export class DogSchool extends Application {
  #ids = new Map<string, string>()
  async registerDog(name: string) {
    const known = this.#ids.get(name)
    if (known) return known
    const dog = new Dog(name)
    this.#ids.set(name, dog.id)
    await this.save(dog)
    return dog.id
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
