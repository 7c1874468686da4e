// hint: name
// file: dog.ts
export class Dog {
  name = ''
  tricks: string[] = []
  constructor(name: string) {
    console.log('a dog is born', name)
  }

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
