// file: view.ts
import type { Dog } from './dog'
export const view = (dog: Dog) => ({ name: dog.name, tricks: [...dog.tricks] })
// file: dog-school.ts
import { Application } from 'dog-school'
import { Dog } from './dog'
import { view } from './view'

export class DogSchool extends Application {
  async registerDog(name: string) {
    const dog = new Dog(name)
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
    return view(dog)
  }
}
