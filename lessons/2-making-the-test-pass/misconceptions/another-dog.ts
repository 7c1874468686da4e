// hint: returned
// file: dog.ts
export class Dog {
  constructor(
    readonly name: string,
    readonly tricks: string[] = [],
  ) {}

  addTrick(trick: string) {
    return new Dog(this.name, [...this.tricks, trick])
  }
}
