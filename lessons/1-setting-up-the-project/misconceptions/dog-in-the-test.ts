// hint: own-dog
// file: dog.test.ts
import t from 'tap'

class Dog {
  readonly tricks: string[] = []
  constructor(readonly name: string) {}
  addTrick(trick: string) {
    this.tricks.push(trick)
  }
}

t.test('Fido learns tricks', async (t) => {
  const fido = new Dog('Fido')
  t.equal(fido.name, 'Fido')
  fido.addTrick('roll over')
  fido.addTrick('play dead')
  t.strictSame(fido.tricks, ['roll over', 'play dead'])
})
