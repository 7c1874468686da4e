// hint: no-database
// file: dog-school.ts
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Application } from 'dog-school'
import { Dog } from './dog'

export class DogSchool extends Application {
  file: string | undefined

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

  override async close() {
    if (this.file) writeFileSync(this.file, JSON.stringify(await this.notificationLog.select()))
    await super.close()
  }
}

export function openSchool(file: string): DogSchool {
  const school = new DogSchool()
  if (existsSync(file)) console.log(readFileSync(file, 'utf8'))
  school.file = file
  return school
}
