// hint: throws
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    throw new Error('not implemented: ' + trick)
  }
}
