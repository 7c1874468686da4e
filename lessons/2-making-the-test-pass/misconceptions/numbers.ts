// hint: ts2345
// file: dog.ts
export class Dog {
  tricks: number[] = []
  constructor(readonly name: string) {}

  addTrick(trick: number) {
    this.tricks.push(trick)
  }
}
