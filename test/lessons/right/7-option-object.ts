// file: dog-school.ts
import * as es from 'dog-school'
import * as store from 'dog-school/sqlite'
import { Dog } from './dog'

class DogSchool extends es.Application {
  static on(recorder: es.Recorder) {
    return new this(recorder)
  }

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
    return { name: dog.name, tricks: [...dog.tricks] }
  }
}

function openSchool(file = 'dog-school.db', options: store.SqliteOptions = {}): DogSchool {
  return DogSchool.on(store.sqlite(file, options))
}
export { DogSchool, openSchool, Dog }
