// hint: old-test
// file: dog.test.ts
import t from 'tap'
import { Dog } from './dog'

t.test('nothing of tricks', async (t) => {
  const fido = new Dog('Fido')
  t.strictSame(fido.collectEvents().map((e) => [e.name, e.version, e.payload]), [['Registered', 1, { name: 'Fido' }]])
})
