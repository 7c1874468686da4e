// hint: not-imported
// file: dog-school.ts
import { Application } from 'dog-school'
import type { Dog } from './dog'

export class DogSchool extends Application {
  #dog: Dog | undefined

  async registerDog(name: string) {
    this.#dog = new Dog(name)
    await this.save(this.#dog)
    return this.#dog.id
  }

  async addTrick(dogId: string, trick: string) {
    this.#dog ??= await this.repository.get(Dog, dogId)
    this.#dog.addTrick(trick)
    await this.save(this.#dog)
  }

  async getDog(dogId: string) {
    this.#dog ??= await this.repository.get(Dog, dogId)
    return { name: this.#dog.name, tricks: [...this.#dog.tricks] }
  }
}
