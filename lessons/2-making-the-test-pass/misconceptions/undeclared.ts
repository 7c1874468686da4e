// hint: ts2339
// file: dog.ts
export class Dog {
  constructor(readonly name: string) {
    this.tricks = []
  }

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
