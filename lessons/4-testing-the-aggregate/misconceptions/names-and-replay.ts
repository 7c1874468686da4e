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
  const events = fido.collectEvents()
  t.strictSame(events.map((e) => [e.name, e.version]), [['Registered', 1], ['TrickAdded', 2], ['TrickAdded', 3]])
  const rebuilt = Dog.replay(events)
  t.strictSame([rebuilt.id, rebuilt.version, rebuilt.name, rebuilt.tricks], [fido.id, 3, 'Fido', ['roll over', 'play dead']])
})
