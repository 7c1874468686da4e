// hint: static
// file: dog.ts
export class Dog {
  static tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    Dog.tricks.push(trick)
  }
}
