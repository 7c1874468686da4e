// file: dog.ts
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
  #tricks: string[] = []
  #name: string
  constructor(name: string) {
    super()
    this.#name = name
    console.log('hello', name)
  }

  get name() {
    return this.#name
  }
  get tricks(): readonly string[] {
    return [...this.#tricks]
  }

  addTrick(trick: string) {
    if (trick === '') throw new Error('A trick needs a name')
    this.trickAdded(trick)
    return this
  }

  @event('TrickAdded')
  private trickAdded(trick: string) {
    this.#tricks.push(trick)
  }
}
