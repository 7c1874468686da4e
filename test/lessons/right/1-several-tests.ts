// file: dog.test.ts
import { test } from 'tap'
import { Dog } from './dog'

test('a name', async (t) => {
  t.same(new Dog('Fido').name, 'Fido')
})

test('tricks, in order', (t) => {
  const dog = new Dog('Buster')
  for (const trick of ['roll over', 'play dead']) dog.addTrick(trick)
  t.same(dog.tricks, ['roll over', 'play dead'])
  console.log(dog)
  t.end()
})

test('another one', (t) => {
  t.plan(1)
  t.equal(new Dog('Rex').name, 'Rex')
})
