/** The short form: everything that is recorded is called as it is in the code. */
import { Aggregate, event } from 'dog-school'

@event('Registered')
export class Dog extends Aggregate {
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

  @event('TrickAdded')
  addTrick(trick: string): void {
    this.tricks.push(trick)
  }

  @event('Moved')
  move(from: string, to: string): void {
    this.journeys.push(`${from} to ${to}`)
    this.#moves++
  }
}
