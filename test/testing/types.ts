// biome-ignore-all lint/correctness/noUnusedVariables: only their types matter
/** What the types of tests take and refuse: compiled by `npm run typecheck`, never run. */
import { given } from 'dog-school/testing'
import { Dog, Registered, TrickAdded } from './dogs'

export async function taken() {
  await given(Dog, Registered.of({ name: 'Fido' }))
    .when((dog) => dog.addTrick('sit'))
    .then(TrickAdded.of({ trick: 'sit' }), { name: 'TrickAdded', payload: { trick: 'beg' } })
  await given(Dog)
    .when(() => new Dog('Fido'))
    .then(...new Dog('Fido').pendingEvents)
  const some = [Registered.of({ name: 'Fido' })]
  await given(Dog, ...some)
    .when((dog) => dog.retire())
    .thenThrows(/retired/)
}

export async function refused() {
  // @ts-expect-error a trick is a text
  given(Dog, TrickAdded.of({ trick: 1 }))
  // @ts-expect-error there is no such field
  given(Dog, TrickAdded.of({ trik: 'sit' }))
  // @ts-expect-error no class of aggregates
  given(Map)
  // @ts-expect-error a type, not an event of it
  given(Dog, TrickAdded)
  // @ts-expect-error a dog has no such method
  given(Dog, Registered.of({ name: 'Fido' })).when((dog) => dog.fetch())
  // @ts-expect-error without events there is no dog yet
  given(Dog).when((dog) => dog.retire())
  // @ts-expect-error the command must return the new dog
  given(Dog).when(() => 7)
  const asked = given(Dog).when(() => new Dog('Fido'))
  // @ts-expect-error a trick is a text
  asked.then(TrickAdded.of({ trick: 1 }))
  // @ts-expect-error no error
  asked.thenThrows(7)
  // @ts-expect-error no class of errors
  asked.thenThrows(Map)
  // @ts-expect-error half a sentence
  await asked
}
