// hint: ts2339
// file: dog.ts
export class Dog {
  constructor(name) {
    this.name = name
    this.tricks = []
  }

  addTrick(trick) {
    this.tricks.push(trick)
  }
}
