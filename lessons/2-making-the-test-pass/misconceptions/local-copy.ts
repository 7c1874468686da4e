// hint: not-stored
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    const tricks = [...this.tricks]
    tricks.push(trick)
  }
}
