// hint: no-assertion
// file: dog.test.ts
import t from 'tap'
import { Dog } from './dog'

t.test('Fido learns tricks', { skip: true }, async (t) => {
  t.equal(new Dog('Fido').name, 'Fido')
})
