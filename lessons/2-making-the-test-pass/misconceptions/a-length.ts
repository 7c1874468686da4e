// hint: not-an-array
// file: dog.ts
export class Dog {
  tricks: any = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks = this.tricks.push(trick)
  }
}
