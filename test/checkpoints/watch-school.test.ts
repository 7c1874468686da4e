/** What a school is seen to do, in words, as a learner is told it. */
import { Aggregate, Application } from 'dog-school'
import t from 'tap'
import { SlowRecorder } from '../../src/checkpoints/judging/slow-recorder'
import { type Schools, watch } from '../../src/checkpoints/judging/watch-school'
import { whyUntaught } from '../../src/checkpoints/judging/why-not'
import { Dog, type TheDog, DogSchool as TheSchool } from '../the-school'

/** One whose way of teaching can be another. */
class DogSchool extends TheSchool {
  override async addTrick(id: string, trick: string): Promise<void> {
    await this.teach(await this.repository.get(Dog, id), trick)
  }
  async teach(dog: TheDog, trick: string): Promise<unknown> {
    dog.addTrick(trick)
    return this.save(dog)
  }
}

/** How a school of this kind teaches Fido. */
async function seen(School: typeof DogSchool) {
  const school = new School(new SlowRecorder())
  const id = await school.registerDog('Fido')
  const seen = await watch(school, 'addTrick', id, 'sit')
  await school.notificationLog.max()
  await new Promise((done) => setTimeout(done, 20))
  return { ...seen, told: seen.steps.join(', ') }
}

t.test('in the order in which it was done', async (t) => {
  t.match(await seen(DogSchool), {
    told: 'loads Fido, Fido: TrickAdded is pending, saves Fido, saved, comes back',
    loads: 1,
    unwaited: 0,
    ended: true,
  })
})

t.test('what was saved too early, not waited for, or pushed past the dog', async (t) => {
  const early = class DogSchool2 extends DogSchool {
    override async teach(dog: TheDog, trick: string) {
      await this.save(dog)
      dog.addTrick(trick)
    }
  }
  const later = class extends DogSchool {
    override async teach(dog: TheDog, trick: string) {
      void super.teach(dog, trick)
    }
  }
  const pushes = class extends DogSchool {
    override async teach(dog: TheDog, trick: string) {
      dog.tricks.push(trick)
      return this.save(dog)
    }
  }
  for (const [School, steps] of [
    [early, 'saves Fido, with nothing new, nothing was saved, Fido: TrickAdded is pending, comes back'],
    [later, 'Fido: TrickAdded is pending, saves Fido, comes back, only then saved'],
    [pushes, 'his list is changed, without an event, saves Fido, with nothing new, nothing was saved, comes back'],
  ] as const) {
    Object.defineProperty(School, 'name', { value: 'DogSchool' })
    t.equal((await seen(School as typeof DogSchool)).told, `loads Fido, ${steps}`)
  }
})

t.test('whom it asks, what it saves instead, and who is not waited for', async (t) => {
  const others = {
    addTrick: [
      async (school: DogSchool, id: string) => school.getDog(id),
      async (school: DogSchool, id: string) => school.save(id as never),
      async (school: DogSchool, id: string) => void school.repository.get(Dog, id),
      async () => new Application().save(new Dog('Rex')),
    ],
  }
  const [asks, saves, forgets, elsewhere] = others.addTrick.map((teach) => {
    const School = class extends DogSchool {
      override addTrick = async (id: string): Promise<void> => void (await teach(this, id))
    }
    return Object.defineProperty(School, 'name', { value: 'DogSchool' }) as unknown as typeof DogSchool
  }) as [typeof DogSchool, typeof DogSchool, typeof DogSchool, typeof DogSchool]
  t.match(await seen(asks), { told: 'asks its own getDog, loads Fido, comes back', asked: 1 })
  t.match(await seen(saves), { told: /^saves the text '.*', that fails, throws an error$/, ended: false })
  t.match(await seen(forgets), { told: 'loads and saves nothing, comes back, only then loads Fido', unwaited: 1 })
  t.match(await seen(elsewhere), { told: /saves Rex in another application/, elsewhere: 1 })
})

t.test('and leaves the library as it was', async (t) => {
  const { save } = Application.prototype
  const { collectEvents } = Aggregate.prototype
  await seen(DogSchool)
  t.equal(Application.prototype.save, save)
  t.equal(Aggregate.prototype.collectEvents, collectEvents)
})

t.test('what a judge tries besides is not told', async (t) => {
  const never = class Forgetful extends DogSchool {
    override async teach(dog: TheDog, trick: string) {
      dog.addTrick(trick)
    }
  }
  const { hint, seen } = await whyUntaught(never as unknown as Schools)
  t.equal(hint, 'not-saved')
  t.equal(seen.steps.join(', '), 'loads Fido, Fido: TrickAdded is pending, comes back')
})
