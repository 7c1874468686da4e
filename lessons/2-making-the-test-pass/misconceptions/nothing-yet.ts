// hint: no-list
// file: dog.ts
export class Dog {
  tricks: string[] | null = null
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks ??= []
    this.tricks.push(trick)
  }
}
