/** The short form: the application is called as its class. */
import { Application } from 'dog-school'
import { Dog } from './dog.js'

export class Kennel extends Application {
  async take(name: string, breed: string): Promise<string> {
    const dog = new Dog(name, breed)
    dog.addTrick('roll over')
    dog.move('Lisbon', 'Porto')
    await this.save(dog)
    return dog.id
  }

  async moveOn(id: string, to: string): Promise<void> {
    const dog = await this.repository.get(Dog, id)
    dog.move(dog.journeys.at(-1)?.split(' ').at(-1) ?? '', to)
    await this.save(dog)
  }

  async look(id: string): Promise<object> {
    const { name, breed, tricks, journeys, moves, version } = await this.repository.get(Dog, id)
    return { name, breed, tricks, journeys, moves, version }
  }
}
