// hint: outside-state
// file: dog.ts
import { Aggregate, event } from 'dog-school'

const book: Record<string, string[]> = {}

@event('Registered')
export class Dog extends Aggregate {
  constructor(readonly name: string) {
    super()
  }

  get tricks() {
    return [...(book[this.id] ?? [])]
  }

  @event('TrickAdded')
  addTrick(trick: string) {
    const page = (book[this.id] ??= [])
    page[this.version - 1] = trick
  }
}
