// hint: later
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  async addTrick(trick: string) {
    await Promise.resolve()
    this.tricks.push(trick)
  }
}
