// hint: ts2339
// file: dog.ts
export class Dog {
  tricks: readonly string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
