// hint: dog-changed
// file: dog.ts
export class Dog {
  readonly tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
