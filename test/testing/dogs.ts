/** A dog, and the event types with which tests speak of it. */
import { Aggregate, Application, boundary, defineEvent, defineSlice, event, on, ProcessApplication } from 'dog-school'
import { z } from 'zod'

export const Registered = defineEvent('Registered', z.object({ name: z.string() }))
export const TrickAdded = defineEvent('TrickAdded', z.object({ trick: z.string() }))
export const Retired = defineEvent('Retired', z.object({}))

@event(Registered)
export class Dog extends Aggregate {
  readonly tricks: string[] = []
  isRetired = false
  constructor(readonly name: string) {
    super()
  }

  addTrick(trick: string) {
    if (this.tricks.includes(trick)) throw new RangeError(`${this.name} can ${trick} already`)
    this.trickAdded(trick)
  }
  teach(...tricks: string[]) {
    for (const trick of tricks) this.addTrick(trick)
  }
  puppy(name: string) {
    return new Dog(name)
  }

  @event(TrickAdded)
  private trickAdded(trick: string) {
    this.tricks.push(trick)
  }
  @event(Retired)
  retire() {
    this.isRetired = true
  }
}

export class DogSchool extends Application {
  async registerDog(name: string) {
    const dog = new Dog(name)
    await this.save(dog)
    return dog.id
  }
  async addTrick(id: string, trick: string) {
    const dog = await this.repository.get(Dog, id)
    dog.addTrick(trick)
    await this.save(dog)
  }
  /** All or none. */
  async teach(ids: readonly string[], trick: string) {
    const dogs = await Promise.all(ids.map((id) => this.repository.get(Dog, id)))
    for (const dog of dogs) dog.addTrick(trick)
    await this.save(...dogs)
  }
}

export const Praised = defineEvent('Praised', z.object({ dog: z.string(), trick: z.string() }))

@event(Praised)
export class Praise extends Aggregate {
  constructor(
    readonly dog: string,
    readonly trick: string,
  ) {
    super()
  }
}

/** Praises each dog for each trick, but for barking. */
export class Praises extends ProcessApplication {
  constructor() {
    super(undefined, { name: 'praises' })
    this.on(TrickAdded, ({ aggregateId, payload: { trick } }) => {
      if (trick === '') throw new RangeError('Nobody is praised for nothing')
      return trick === 'bark' ? [] : new Praise(aggregateId, trick)
    })
  }
}

export const Named = defineEvent('Named', z.object({ name: z.string() }), { tags: ({ name }) => [`name:${name}`] })

/** Each name once. */
export const name = defineSlice({
  boundary: ({ name }: { name: string }) => ({ isTaken: boundary(false, `name:${name}`).on(Named, () => true) }),
  decide({ isTaken }, params) {
    if (isTaken) throw new RangeError(`There is a ${params.name} already`)
    return Named.of(params)
  },
})

/** How many dogs can do a trick. */
export const tricksOf = [
  on(TrickAdded, (view: Map<string, number>, { payload: { trick } }) => view.set(trick, (view.get(trick) ?? 0) + 1)),
]

/** The error of a check that must fail. */
export async function failureOf(check: Promise<void>): Promise<Error & { expected?: unknown; actual?: unknown }> {
  return check.then(
    () => {
      throw new Error('it passed')
    },
    (error) => error,
  )
}
