// file: dog.test.ts
import * as tap from 'tap'
import assert from 'node:assert'
import { Dog } from './dog'

tap.t.test('Fido', async (t) => {
  const fido = new Dog('Fido')
  t.equal(fido.name, 'Fido')
  t.ok(Array.isArray(fido.tricks))
  fido.addTrick('roll over')
  fido.addTrick('play dead')
  t.equal(fido.tricks.length, 2)
  t.equal(fido.tricks[0], 'roll over')
  t.equal(fido.tricks[1], 'play dead')
  assert.deepEqual(fido.tricks, ['roll over', 'play dead'])
})
