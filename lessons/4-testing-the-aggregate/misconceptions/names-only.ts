// hint: registered-fact
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

t.test('events', async (t) => {
  const fido = new Dog('Fido')
  fido.addTrick('roll over')
  fido.addTrick('play dead')
  t.strictSame(fido.collectEvents().map((e) => e.name), ['Registered', 'TrickAdded', 'TrickAdded'])
})
