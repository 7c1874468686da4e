/** The program that this library was designed for, exactly as it was written down first. */
import { join } from 'node:path'
import { Aggregate, Application, event, Topics } from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import t from 'tap'
import { DogSchool as TheOne } from './the-school'

@event('Registered')
class Dog extends Aggregate {
  readonly tricks: string[] = []
  constructor(readonly name: string) {
    super()
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

class DogSchool extends Application {
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

const names = ["D'Artagnan", '"Rex"', 'two\nlines', '犬 🐕‍🦺', '', 'x'.repeat(1_000_000), '\\', '\u0000']

// Each of the two programs has a Dog of its own.
Topics.redefinition = true
for (const School of [DogSchool, TheOne])
  t.test(
    `${School === DogSchool ? 'as designed' : 'as the course ends with'}: any name, kept and found again`,
    async (t) => {
      const file = join(t.testdir(), 'dog-school.db')
      const school = new School(sqlite(file))
      const ids = []
      for (const name of names) ids.push(await school.registerDog(name))
      for (const id of ids) await school.addTrick(id, 'roll over')
      for (const [i, id] of ids.entries()) await school.addTrick(id, names[i] as string)
      await school.close()
      const again = new School(sqlite(file))
      for (const [i, id] of ids.entries()) {
        const dog = await again.getDog(id)
        t.ok(dog.name === names[i] && dog.tricks[0] === 'roll over' && dog.tricks[1] === names[i], `name ${i}`)
      }
      t.match((await again.notificationLog.select({ limit: 1 }))[0]?.topic, 'dogschool:Dog.Registered')
      await again.close()
    },
  )
