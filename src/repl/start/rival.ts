/**
 * A process that teaches a dog tricks, a step at a time, for `.duel` on a server. Its store comes as a message: the
 * arguments of a process can be read by others.
 */

import type { Aggregate, AggregateClass, Application, Recorder } from 'dog-school'
import { postgres } from 'dog-school/postgres'

export type ToRival =
  | { readonly url: string; readonly schema: string; readonly dog: string; readonly school: string }
  | { readonly load: string }
  | { readonly teach: string }
export type FromRival =
  | { readonly version: number }
  | { readonly refused: { readonly name: string; readonly message: string } }

let school: Application | undefined
let Dog: AggregateClass<Aggregate> | undefined
let dog: (Aggregate & { addTrick(trick: string): void }) | undefined

process.on('message', (said: ToRival) => {
  void answer(said).then(
    (version) => process.send?.({ version }),
    ({ name, message }: Error) => process.send?.({ refused: { name, message } }),
  )
})
process.on('disconnect', () => void school?.close())

async function answer(said: ToRival): Promise<number> {
  if ('url' in said) {
    Dog = require(said.dog).Dog
    const { DogSchool } = require(said.school) as { DogSchool: new (recorder: Recorder) => Application }
    school = new DogSchool(postgres(said.url, { schema: said.schema, connections: 1 }))
    return 0
  }
  if ('load' in said) dog = (await school?.repository.get(Dog as never, said.load)) as typeof dog
  else {
    dog?.addTrick(said.teach)
    await school?.save(dog as Aggregate)
  }
  return dog?.version ?? 0
}
