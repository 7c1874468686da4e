// hint: no-assertion
// file: dog.test.ts
import t from 'tap'
import { Dog } from './dog'

t.test('Fido learns tricks', async (t) => {
  const fido = new Dog('Fido')
  fido.addTrick('roll over')
  fido.addTrick('play dead')
  console.log(fido.name, fido.tricks)
})
