// hint: shared-list
// file: dog.ts
const all: string[] = []

export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    all.push(trick)
    this.tricks = all
  }
}
