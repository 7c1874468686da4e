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
  constructor(...args: ConstructorParameters<typeof Application>) {
    super(...args)
  }

  async registerDog(name: string) {
    const dog = new Dog(name)
    await this.save(dog)
    return dog.id
  }
  async addTrick(dogId: string, trick: string): Promise<void> {
    await this.retry(async () => {
      const dog = await this.repository.get(Dog, dogId)
      dog.addTrick(trick)
      await this.save(dog)
    })
  }
  async getDog(dogId: string): Promise<{ readonly name: string; readonly tricks: readonly string[] }> {
    const dog = await this.repository.get(Dog, dogId)
    return Object.freeze({ name: dog.name, tricks: Object.freeze([...dog.tricks]) })
  }
  async dogCount() {
    return (await this.notificationLog.select()).filter(({ version }) => version === 1).length
  }
}
