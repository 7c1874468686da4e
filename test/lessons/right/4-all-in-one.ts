// file: dog.test.ts
import { test } from 'tap'
import { Dog } from './dog'

test('Fido', (t) => {
  const fido = new Dog('Fido')
  fido.addTrick('roll over')
  fido.addTrick('play dead')
  console.log(fido)
  t.same(fido.tricks, ['roll over', 'play dead'])
  const events = fido.collectEvents()
  t.match(events, [
    { name: 'Registered', version: 1, payload: { name: 'Fido' } },
    { name: 'TrickAdded', version: 2, payload: { trick: 'roll over' } },
    { name: 'TrickAdded', version: 3, payload: { trick: 'play dead' } },
  ])
  t.equal(events.length, 3)
  const again = Dog.replay(events)
  t.same([again.id, again.version, again.name, again.tricks], [fido.id, 3, 'Fido', ['roll over', 'play dead']])
  t.end()
})
