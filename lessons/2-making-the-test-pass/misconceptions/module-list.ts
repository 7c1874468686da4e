// hint: shared-list
// file: dog.ts
const tricks: string[] = []

export class Dog {
  readonly tricks = tricks
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
