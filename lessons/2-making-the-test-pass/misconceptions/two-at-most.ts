// hint: some-lost
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    if (this.tricks.length < 2) this.tricks.push(trick)
  }
}
