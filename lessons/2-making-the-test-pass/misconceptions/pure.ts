// hint: returned
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    return [...this.tricks, trick]
  }
}
