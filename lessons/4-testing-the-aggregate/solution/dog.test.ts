import t from 'tap'
import { Dog } from './dog'

t.test('Fido learns tricks', async (t) => {
  const fido = new Dog('Fido')
  t.equal(fido.name, 'Fido')
  fido.addTrick('roll over')
  fido.addTrick('play dead')
  t.strictSame(fido.tricks, ['roll over', 'play dead'])
})

t.test('what happens to Fido is recorded, in order', async (t) => {
  const fido = new Dog('Fido')
  fido.addTrick('roll over')
  fido.addTrick('play dead')
  t.strictSame(
    fido.collectEvents().map(({ version, name, payload }) => [version, name, payload]),
    [
      [1, 'Registered', { name: 'Fido' }],
      [2, 'TrickAdded', { trick: 'roll over' }],
      [3, 'TrickAdded', { trick: 'play dead' }],
    ],
  )
  t.strictSame(fido.pendingEvents, [])
})

t.test('the events alone make the same dog again', async (t) => {
  const fido = new Dog('Fido')
  fido.addTrick('roll over')
  fido.addTrick('play dead')
  const rebuilt = Dog.replay(fido.collectEvents())
  t.equal(rebuilt.id, fido.id)
  t.equal(rebuilt.version, 3)
  t.equal(rebuilt.name, 'Fido')
  t.strictSame(rebuilt.tricks, ['roll over', 'play dead'])
})
