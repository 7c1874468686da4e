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

export class DogSchool extends Application {
  registerDog(name: string) {
    const dog = new Dog(name)
    return this.save(dog).then(() => dog.id)
  }
  addTrick(dogId: string, trick: string) {
    return this.repository.get(Dog, dogId).then((dog) => {
      dog.addTrick(trick)
      return this.save(dog)
    })
  }
  getDog(dogId: string) {
    return this.repository.get(Dog, dogId).then((dog) => JSON.parse(JSON.stringify({ name: dog.name, tricks: dog.tricks })))
  }
}
