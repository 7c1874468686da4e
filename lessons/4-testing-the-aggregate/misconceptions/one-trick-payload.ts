// hint: facts
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
  t.strictSame(events.map((e) => e.name), ['Registered', 'TrickAdded', 'TrickAdded'])
  t.strictSame(events[0]?.payload, { name: 'Fido' })
  t.strictSame(events[1]?.payload, { trick: 'roll over' })
})
