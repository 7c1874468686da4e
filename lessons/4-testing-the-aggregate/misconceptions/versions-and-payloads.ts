// hint: names
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
  t.strictSame(events.map((e) => e.version), [1, 2, 3])
  t.strictSame(events.map((e) => e.payload), [{ name: 'Fido' }, { trick: 'roll over' }, { trick: 'play dead' }])
  const rebuilt = Dog.replay(events)
  t.strictSame([rebuilt.id, rebuilt.version, rebuilt.name, rebuilt.tricks], [fido.id, 3, 'Fido', ['roll over', 'play dead']])
})
