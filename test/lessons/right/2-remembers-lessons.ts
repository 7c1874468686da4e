// file: dog.ts
interface Lesson {
  trick: string
  at: Date
}

export class Dog {
  static registered = 0
  #lessons: Lesson[] = []
  constructor(public readonly name: string) {
    if (!name) throw new Error('A dog needs a name')
    Dog.registered++
  }

  get tricks() {
    return this.#lessons.map(({ trick }) => trick)
  }

  async addTrick(trick: string) {
    this.#lessons.push({ trick, at: new Date() })
    console.log(this)
  }
}
