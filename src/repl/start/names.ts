/** The names that every session starts with, wherever it runs, and their declarations for the type checker. */
import * as library from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import type { Preloaded } from '../cells/evaluator'
import { idOfStatement } from '../session/ids'
import type { School } from './current-school'

const types = ['AggregateClass', 'LoggedEvent', 'Notification', 'Payload', 'Recorder', 'StoredEvent']

/** The statement that imports a name from a module. */
export const from = (name: string, module: string): string => `import { ${name} } from ${JSON.stringify(module)}`

export function namesOf({ file, Dog, DogSchool }: School): Readonly<Record<string, Preloaded>> {
  const values = Object.entries(library).map(([name, value]) => [name, { value, statement: from(name, 'dog-school') }])
  return {
    ...Object.fromEntries(values),
    ...Object.fromEntries(
      types.map((name) => [name, { statement: `import type { ${name} } from 'dog-school'`, isType: true }]),
    ),
    sqlite: { value: sqlite, statement: from('sqlite', 'dog-school/sqlite') },
    Dog: { value: Dog, statement: from('Dog', file.dog) },
    DogSchool: { value: DogSchool, statement: from('DogSchool', file.school) },
    idOf: { value: undefined, statement: idOfStatement },
    school: { value: undefined, statement: `declare const school: import(${JSON.stringify(file.school)}).DogSchool` },
  }
}
