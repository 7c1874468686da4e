// hint: another-trick
// file: dog.ts
export class Dog {
  tricks: any[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push({ trick })
  }
}
