// hint: ts2540
// file: dog.ts
export class Dog {
  readonly tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks = [...this.tricks, trick]
  }
}
