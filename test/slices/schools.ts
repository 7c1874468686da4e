/** The dog school twice: as an aggregate, and as slices. The same commands, rules and events. */
import { Aggregate, Application, boundary, defineEvent, defineSlice, event } from 'dog-school'
import { z } from 'zod'

const dog = (_: unknown, { aggregateId }: { aggregateId: string }) => [`dog:${aggregateId}`]
const most = 3

export const Registered = defineEvent('Registered', z.object({ name: z.string() }), {
  tags: ({ name }, { aggregateId }) => [`dog:${aggregateId}`, `name:${name}`],
})
export const TrickAdded = defineEvent('TrickAdded', ['trick', 'by'], { tags: dog })
export const Renamed = defineEvent('Renamed', z.object({ name: z.string(), reason: z.string().optional() }), {
  tags: dog,
})

@event(Registered)
export class Dog extends Aggregate {
  static override readonly topic: string = 'twice:Dog'
  readonly tricks: string[] = []
  readonly teachers = new Set<string>()
  reason: string | undefined
  constructor(public name: string) {
    super()
  }

  addTrick(trick: string, by: string) {
    mayLearn(this.name, this.tricks, trick)
    this.trickAdded(trick, by)
  }

  @event(TrickAdded)
  private trickAdded(trick: string, by: string) {
    this.tricks.push(trick)
    this.teachers.add(by)
  }

  @event(Renamed)
  rename(name: string, reason?: string) {
    this.name = name
    this.reason = reason
  }
}

function mayLearn(name: string, tricks: readonly string[], trick: string): void {
  if (tricks.includes(trick)) throw new Error(`${name} can ${trick} already`)
  if (tricks.length >= most) throw new Error(`${name} has learned enough`)
}

/** What either of them can do. */
export interface School extends Application {
  registerDog(name: string): Promise<string>
  addTrick(dog: string, trick: string, by: string): Promise<unknown>
  rename(dog: string, name: string, reason?: string): Promise<unknown>
}

export class AggregateSchool extends Application implements School {
  async registerDog(name: string) {
    const dog = new Dog(name)
    await this.save(dog)
    return dog.id
  }
  async addTrick(id: string, trick: string, by: string) {
    const dog = await this.repository.get(Dog, id)
    dog.addTrick(trick, by)
    await this.save(dog)
  }
  async rename(id: string, name: string, reason?: string) {
    const dog = await this.repository.get(Dog, id)
    dog.rename(name, reason)
    await this.save(dog)
  }
}

const nameOf = (dog: string) =>
  boundary(undefined as string | undefined, `dog:${dog}`)
    .on(Registered, (_, { payload }) => payload.name)
    .on(Renamed, (_, { payload }) => payload.name)
const tricksOf = (dog: string) =>
  boundary([] as string[], `dog:${dog}`).on(TrickAdded, (tricks, { payload }) => [...tricks, String(payload.trick)])

export const register = defineSlice({
  boundary: (_: { name: string }) => ({}),
  decide: (_, { name }) => Registered.of({ name }),
})
export const addTrick = defineSlice({
  boundary: ({ dog }: { dog: string; trick: string; by: string }) => ({ name: nameOf(dog), tricks: tricksOf(dog) }),
  decide({ name, tricks }, { dog, trick, by }) {
    mayLearn(String(name), tricks, trick)
    return TrickAdded.of({ by, trick }, dog)
  },
})
export const rename = defineSlice({
  boundary: (_: { dog: string; name: string; reason?: string | undefined }) => ({}),
  decide: (_, { dog, name, reason }) => Renamed.of({ reason, name }, dog),
})

export class SliceSchool extends Application implements School {
  async registerDog(name: string) {
    const [registered] = await register.run(this, { name })
    return registered?.aggregateId as string
  }
  addTrick(dog: string, trick: string, by: string) {
    return addTrick.run(this, { dog, trick, by })
  }
  rename(dog: string, name: string, reason?: string) {
    return rename.run(this, { dog, name, reason })
  }
}
