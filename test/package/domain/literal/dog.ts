/** The literal form: everything that is recorded is written down, as a list of fields or as a schema. */
import { Aggregate, defineEvent, event } from 'dog-school'

type Types<T> = { readonly input: T; readonly output: T }

/** A validator as a library would make it: it has the names of its fields, and a function that checks them. */
const text = {
  shape: { trick: 'string' },
  '~standard': {
    version: 1 as const,
    vendor: 'kennel',
    types: undefined as Types<{ trick: string }> | undefined,
    validate: (value: unknown) =>
      typeof (value as { trick: unknown }).trick === 'string' ? { value } : { issues: [{ message: 'no text' }] },
  },
}

@event(defineEvent('Registered', ['name', 'breed']))
export class Dog extends Aggregate {
  static override readonly topic = 'kennel:Dog'
  readonly name: string
  readonly breed: string
  readonly tricks: string[] = []
  readonly journeys: string[] = []
  #moves = 0

  constructor(name: string, breed: string) {
    super()
    this.name = name
    this.breed = breed
  }

  get moves(): number {
    return this.#moves
  }

  @event(defineEvent('TrickAdded', text))
  addTrick(trick: string): void {
    this.tricks.push(trick)
  }

  @event(defineEvent('Moved', ['from', 'to']))
  move(from: string, to: string): void {
    this.journeys.push(`${from} to ${to}`)
    this.#moves++
  }
}
