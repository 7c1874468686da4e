import { Application } from 'dog-school'
import { Dog } from './dog'

export class DogSchool extends Application {
  async registerDog(name: string) {
    const dog = new Dog(name)
    await this.save(dog)
    return dog.id
  }

  async addTrick(dogId: string, trick: string) {
    await this.retry(async () => {
      const dog = await this.repository.get(Dog, dogId)
      dog.addTrick(trick)
      await this.save(dog)
    })
  }

  async getDog(dogId: string) {
    const dog = await this.repository.get(Dog, dogId)
    return { name: dog.name, tricks: [...dog.tricks] }
  }
}
