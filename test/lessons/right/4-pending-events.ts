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

t.test('event by event', async (t) => {
  const fido = new Dog('Fido')
  fido.addTrick('roll over')
  fido.addTrick('play dead')
  const [first, second, third, ...more] = fido.pendingEvents
  t.strictSame(more, [])
  for (const [i, event] of [first, second, third].entries()) t.equal(event?.version, i + 1)
  t.strictSame([first?.name, second?.name, third?.name], ['Registered', 'TrickAdded', 'TrickAdded'])
  t.strictSame(first?.payload, { name: 'Fido' })
  t.equal(second?.payload.trick, 'roll over')
  t.equal(third?.payload.trick, 'play dead')
})
t.test('replay', async (t) => {
  const fido = new Dog('Fido')
  fido.addTrick('roll over')
  fido.addTrick('play dead')
  const { id, version, name, tricks } = Dog.replay(fido.collectEvents())
  t.strictSame({ id, version, name, tricks: [...tricks] }, { id: fido.id, version: fido.version, name: fido.name, tricks: [...fido.tricks] })
  t.equal(version, 3)
})
