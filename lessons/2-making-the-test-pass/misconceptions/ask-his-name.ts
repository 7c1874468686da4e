// hint: name-method
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(private called: string) {}

  name() {
    return this.called
  }

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
