// hint: name
// file: dog.ts
export class Dog {
  name: string
  tricks: string[] = []
  constructor(name: string) {
    this.name = name
  }

  addTrick(trick: string) {
    this.tricks.push(trick)
    this.name = trick
  }
}
