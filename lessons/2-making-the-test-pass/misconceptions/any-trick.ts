// hint: ts7006
// file: dog.ts
export class Dog {
  readonly tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick) {
    this.tricks.push(trick)
  }
}
