// hint: method-name
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(public name: string) {}

  addtrick(trick: string) {
    this.tricks.push(trick)
  }
}
