// hint: ts2341
// file: dog.ts
export class Dog {
  private tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
