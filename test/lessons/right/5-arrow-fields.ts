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
  registerDog = async (n: string): Promise<string> => {
    const d = new Dog(n)
    console.log('new', d)
    await this.save(d)
    return d.id
  }
  addTrick = (id: string, t: string) => this.change(id, (d) => d.addTrick(t))
  getDog = async (id: string) => {
    const { name, tricks } = await this.repository.get(Dog, id)
    return { id, name, tricks: tricks.slice() }
  }

  private async change(id: string, by: (dog: Dog) => void) {
    const dog = await this.repository.get(Dog, id)
    by(dog)
    return this.save(dog)
  }
}
