/** How the type checker is told of the names that every session starts with. */
import { idOfStatement } from '../session/ids'
import type { School } from './current-school'

const types = ['AggregateClass', 'LoggedEvent', 'Notification', 'Payload', 'Recorder', 'StoredEvent']

/** The statement that imports a name from a module. */
export const from = (name: string, module: string): string => `import { ${name} } from ${JSON.stringify(module)}`

export interface Statement {
  readonly statement: string
  readonly isType?: boolean
}

/** @param library the names of what `dog-school` exports */
export function statementsOf(file: School['file'], library: readonly string[]): Readonly<Record<string, Statement>> {
  return {
    ...Object.fromEntries(library.map((name) => [name, { statement: from(name, 'dog-school') }])),
    ...Object.fromEntries(
      types.map((name) => [name, { statement: `import type { ${name} } from 'dog-school'`, isType: true }]),
    ),
    sqlite: { statement: from('sqlite', 'dog-school/sqlite') },
    Dog: { statement: from('Dog', file.dog) },
    DogSchool: { statement: from('DogSchool', file.school) },
    idOf: { statement: idOfStatement },
    school: { statement: `declare const school: import(${JSON.stringify(file.school)}).DogSchool` },
    z: { statement: from('z', 'zod') },
  }
}
