// hint: shared-list
// file: dog.ts
export class Dog {
  static list: string[] = []
  constructor(readonly name: string) {}

  get tricks() {
    return Dog.list
  }

  addTrick(trick: string) {
    Dog.list.push(trick)
  }
}
