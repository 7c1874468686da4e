// hint: static
// file: dog.ts
export class Dog {
  readonly tricks: string[] = []
  constructor(readonly name: string) {}

  static addTrick(dog: Dog, trick: string) {
    dog.tricks.push(trick)
  }
}
