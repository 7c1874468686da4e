// file: dog-school.ts
import * as es from 'dog-school'
import * as dogs from './dog'

class School extends es.Application {
  registerDog = async (name: string) => {
    const dog = new dogs.Dog(name)
    await this.save(dog)
    return dog.id
  }
  addTrick = (id: string, trick: string) => this.retry(() => this.#teach(id, trick))
  getDog = async (id: string) => {
    const { name, tricks } = await this.repository.get(dogs.Dog, id)
    return { name, tricks: Array.from(tricks) }
  }

  async #teach(id: string, trick: string) {
    const dog = await this.repository.get(dogs.Dog, id)
    dog.addTrick(trick)
    return this.save(dog)
  }
}
export { School as DogSchool }
