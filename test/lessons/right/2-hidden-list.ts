// file: dog.ts
export class Dog {
  #known: string[] = []
  #name: string
  constructor(name: string) {
    this.#name = name
  }
  get name() {
    return this.#name
  }
  get tricks(): readonly string[] {
    return [...this.#known]
  }
  addTrick(trick: string): number {
    return this.#known.push(trick)
  }
}
