// hint: lost
// file: dog-school.ts
import { Application } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import { Dog } from './dog'

class Careful extends Application {
  #late: Dog[] = []
  get late() {
    return this.#late
  }
}

export class DogSchool extends Careful {
  constructor(...args: ConstructorParameters<typeof Application>) {
    super(...args)
    process.on('exit', () => this.late.length)
  }

  async registerDog(name: string) {
    const dog = new Dog(name)
    await this.save(dog)
    return dog.id
  }

  async addTrick(dogId: string, trick: string) {
    const dog = await this.repository.get(Dog, dogId)
    dog.addTrick(trick)
    const saved = this.save(dog)
    if (this.notificationLog && (this.recorder as { file?: string }).file === undefined) await saved
  }

  async getDog(dogId: string) {
    const dog = await this.repository.get(Dog, dogId)
    return { name: dog.name, tricks: [...dog.tricks] }
  }
}

export function openSchool(file: string): DogSchool {
  return new DogSchool(sqlite(file))
}
