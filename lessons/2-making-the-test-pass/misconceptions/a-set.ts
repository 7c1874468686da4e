// hint: not-an-array
// file: dog.ts
export class Dog {
  readonly tricks = new Set<string>()
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.add(trick)
  }
}
