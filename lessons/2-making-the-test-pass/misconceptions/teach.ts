// hint: method-name
// file: dog.ts
export class Dog {
  tricks: string[] = []
  constructor(public name: string) {}

  teach(trick: string) {
    this.tricks.push(trick)
  }
}
