// hint: ts2341
// file: dog.ts
export class Dog {
  readonly tricks: string[] = []
  constructor(private name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
