// hint: no-events
// file: dog.test.ts
import t from 'tap'
import { Dog } from './dog'

t.test('Fido learns tricks', async (t) => {
  const fido = new Dog('Fido')
  t.equal(fido.name, 'Fido')
  fido.addTrick('roll over')
  fido.addTrick('play dead')
  t.strictSame(fido.tricks, ['roll over', 'play dead'])
})

t.test('Buster learns as well', async (t) => {
  const buster = new Dog('Buster')
  buster.addTrick('fetch ball')
  t.strictSame(buster.tricks, ['fetch ball'])
})
