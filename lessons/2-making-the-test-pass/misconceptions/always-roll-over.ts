// hint: another-trick
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(_trick?: string) {
    this.tricks.push('roll over')
  }
}
