// hint: taken-apart
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(tricks: string[]) {
    for (const trick of tricks) this.tricks.push(trick)
  }
}
