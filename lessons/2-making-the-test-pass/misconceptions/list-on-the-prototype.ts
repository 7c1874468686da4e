// hint: shared-list
// file: dog.ts
export class Dog {
  declare tricks: string[]
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
Dog.prototype.tricks = []
