// hint: some-lost
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    if (this.tricks.length >= 5) this.tricks.shift()
    this.tricks.push(trick)
  }
}
