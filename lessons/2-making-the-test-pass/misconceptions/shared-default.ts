// hint: shared-list
// file: dog.ts
const none: string[] = []

export class Dog {
  constructor(
    readonly name: string,
    readonly tricks = none,
  ) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
