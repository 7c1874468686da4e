// hint: name
// file: dog.ts
export class Dog {
  name = 'Fido'
  tricks: string[] = []

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
