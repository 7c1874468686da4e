// hint: no-this
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    tricks.push(trick)
  }
}
