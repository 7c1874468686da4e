// hint: no-duplicates
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    if (!this.tricks.includes(trick)) this.tricks.push(trick)
  }
}
