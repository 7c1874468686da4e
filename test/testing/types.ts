// biome-ignore-all lint/correctness/noUnusedVariables: only their types matter
/** What the types of tests take and refuse: compiled by `npm run typecheck`, never run. */
import { type NotificationLog, Projection } from 'dog-school'
import { given } from 'dog-school/testing'
import { Dog, DogSchool, Named, name, Praises, Registered, TrickAdded, tricksOf } from './dogs'

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

export async function takenByOthers() {
  await given(new DogSchool(), Registered.of({ name: 'Fido' }, 'fido'))
    .when((school) => school.addTrick('fido', 'sit'))
    .then(TrickAdded.of({ trick: 'sit' }, 'fido'))
  await given(new Praises(), Registered.of({ name: 'Fido' }, 'fido'))
    .when(TrickAdded.of({ trick: 'sit' }), TrickAdded.of({ trick: 'beg' }))
    .thenNothing()
  await given(new Praises())
    .when((praises) => praises.verify())
    .thenNothing()
  await given(name, Named.of({ name: 'Fido' }))
    .when({ name: 'Fido' })
    .thenThrows(RangeError)
  await given(tricks, TrickAdded.of({ trick: 'sit' })).then(new Map([['sit', 1]]))
}

const tricks = (log: NotificationLog) => new Projection(log, () => new Map<string, number>(), tricksOf)

export async function refusedByOthers() {
  // @ts-expect-error a school has no such method
  given(new DogSchool()).when((school) => school.fetch())
  // @ts-expect-error an application does commands, it does not react to events
  given(new DogSchool()).when(TrickAdded.of({ trick: 'sit' }))
  // @ts-expect-error a name is a text
  given(name).when({ name: 7 })
  // @ts-expect-error the parameters are missing
  given(name).when()
  // @ts-expect-error no such view
  given(tricks).then(new Map([['sit', 'often']]))
  // @ts-expect-error a view is not asked for commands
  given(tricks).when(() => 7)
  // @ts-expect-error half a sentence
  await given(tricks)
}
