// hint: added-twice
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks = this.tricks.concat(trick)
    this.tricks.push(trick)
  }
}
