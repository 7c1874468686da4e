// hint: never-ends
// file: dog.test.ts
import t from 'tap'
import { Dog } from './dog'

t.test('Fido learns tricks', async (t) => {
  const fido = new Dog('Fido')
  await new Promise(() => setInterval(() => undefined, 1000))
  t.equal(fido.name, 'Fido')
})
