// hint: not-an-array
// file: dog.ts
export class Dog {
  tricks = ''
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks += this.tricks ? ', ' + trick : trick
  }
}
