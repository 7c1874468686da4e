// file: dog.test.ts
import t from 'tap'
import { Dog } from './dog'

t.test('Fido learns tricks', async (t) => {
  const fido = new Dog('Fido')
  t.ok(fido.name === 'Fido')
  fido.addTrick('roll over')
  fido.addTrick('play dead')
  t.equal(JSON.stringify(fido.tricks), JSON.stringify(['roll over', 'play dead']))
})
