// hint: another-trick
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick.toUpperCase())
  }
}
