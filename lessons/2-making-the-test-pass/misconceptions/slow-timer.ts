// hint: later
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    setTimeout(() => {
      this.tricks.push(trick)
    }, 1000)
  }
}
