// hint: ts2445
// file: dog.ts
export class Dog {
  protected tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
