// hint: other-order
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
    this.tricks.sort((a, b) => a.length - b.length)
  }
}
