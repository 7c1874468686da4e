// hint: changed-by-reading
// file: dog.ts
export class Dog {
  #tricks: string[] = []
  constructor(readonly name: string) {}

  get tricks() {
    return this.#tricks.reverse()
  }

  addTrick(trick: string) {
    this.#tricks.unshift(trick)
  }
}
