// hint: shared-name
// file: dog.ts
export class Dog {
  static title = ''
  tricks: string[] = []
  constructor(name: string) {
    Dog.title = name
  }

  get name() {
    return Dog.title
  }

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
