// hint: born-with-tricks
// file: dog.ts
export class Dog {
  tricks: string[] = ['sit']
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
