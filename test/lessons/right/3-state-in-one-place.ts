// file: dog.ts
import { Aggregate, event } from 'dog-school'

const registered = event('Registered')
const added = event('TrickAdded')

@registered
class Hound extends Aggregate {
  static readonly topic = 'kennel:Dog'
  static count = 0
  readonly log = console
  #state = { name: '', tricks: [] as string[] }

  constructor(name: string) {
    super()
    Hound.count++
    this.#state.name = name
  }

  get name(): string {
    return this.#state.name
  }
  get tricks(): readonly string[] {
    return Object.freeze([...this.#state.tricks])
  }
  get age() {
    return Date.now() - Date.parse(this.createdOn)
  }

  addTrick = (trick: string) => {
    if (this.#state.tricks.length >= 100) throw new RangeError('Enough')
    this.learn(trick)
    return this
  }

  @added
  protected learn(trick: string): void {
    this.#state = { ...this.#state, tricks: [...this.#state.tricks, trick] }
  }
}

export { Hound as Dog }
