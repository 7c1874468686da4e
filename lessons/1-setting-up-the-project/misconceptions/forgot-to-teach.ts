// hint: refuses-right
// file: dog.test.ts
import t from 'tap'
import { Dog } from './dog'

t.test('Fido learns tricks', async (t) => {
  const fido = new Dog('Fido')
  t.equal(fido.name, 'Fido')
  t.strictSame(fido.tricks, ['roll over', 'play dead'])
})
