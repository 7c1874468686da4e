// hint: school-changed
// file: dog-school.ts
import { Dog } from './dog'

export class DogSchool {
  async registerDog(name: string) {
    return new Dog(name).id
  }
}
