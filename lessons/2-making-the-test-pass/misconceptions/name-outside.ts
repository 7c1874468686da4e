// hint: shared-name
// file: dog.ts
let dogName = ''

export class Dog {
  tricks: string[] = []
  constructor(name: string) {
    dogName = name
  }

  get name() {
    return dogName
  }

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
