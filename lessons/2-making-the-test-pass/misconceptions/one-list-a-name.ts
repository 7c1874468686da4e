// hint: shared-list
// file: dog.ts
const known: Record<string, string[]> = {}

export class Dog {
  tricks: string[]
  constructor(readonly name: string) {
    this.tricks = known[name] ??= []
  }

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
