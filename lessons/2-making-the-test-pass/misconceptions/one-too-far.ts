// hint: stray
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks[this.tricks.length + 1] = trick
  }
}
