// hint: tricks-method
// file: dog.ts
export class Dog {
  #tricks: string[] = []
  constructor(readonly name: string) {}

  tricks() {
    return this.#tricks
  }

  addTrick(trick: string) {
    this.#tricks.push(trick)
  }
}
