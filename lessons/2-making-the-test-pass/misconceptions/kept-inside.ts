// hint: not-exported
// file: dog.ts
class Dog {
  tricks: string[] = []
  constructor(readonly name: string) {}

  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}
new Dog('Fido').addTrick('roll over')
