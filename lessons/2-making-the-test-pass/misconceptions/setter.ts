// hint: no-add-trick
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  set addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
