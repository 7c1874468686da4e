// file: dog.test.ts
import t from 'tap'
import { Dog } from './dog'

function trained(...tricks: string[]) {
  const dog = new Dog('Fido')
  for (const trick of tricks) dog.addTrick(trick)
  return dog
}

t.test('tricks', async (t) => t.strictSame(trained('sit', 'stay').tricks, ['sit', 'stay']))
t.test('events', async (t) => {
  const history = trained('sit', 'stay').collectEvents()
  t.equal(JSON.stringify(history.map((e) => [e.version, e.name, e.payload])), '[[1,"Registered",{"name":"Fido"}],[2,"TrickAdded",{"trick":"sit"}],[3,"TrickAdded",{"trick":"stay"}]]')
})
t.test('past', async (t) => {
  const dog = trained('sit', 'stay')
  const events = dog.collectEvents()
  t.strictSame(Dog.replay(events.slice(0, 2)).tricks, ['sit'])
  const now = Dog.replay(events)
  t.strictSame(now.tricks, ['sit', 'stay'])
  t.equal(now.version, 3)
  t.equal(now.id, dog.id)
  t.equal(now.name, 'Fido')
})
