// hint: frozen
// file: dog.ts
export class Dog {
  readonly tricks: string[] = Object.freeze([]) as unknown as string[]
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
