/** The names that every session starts with, and their declarations for the type checker. */
import { dirname, relative, sep } from 'node:path'
import * as library from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import type { Preloaded } from '../cells/evaluator'
import { idOfStatement } from '../session/ids'
import type { School } from './current-school'

const types = ['AggregateClass', 'LoggedEvent', 'Notification', 'Payload', 'Recorder', 'StoredEvent']

export function preloaded({ file, Dog, DogSchool }: School): Readonly<Record<string, Preloaded>> {
  const from = (name: string, module: string) => `import { ${name} } from ${JSON.stringify(module)}`
  const values = Object.entries(library).map(([name, value]) => [name, { value, statement: from(name, 'dog-school') }])
  return {
    ...Object.fromEntries(values),
    ...Object.fromEntries(
      types.map((name) => [name, { statement: `import type { ${name} } from 'dog-school'`, isType: true }]),
    ),
    sqlite: { value: sqlite, statement: from('sqlite', 'dog-school/sqlite') },
    postgres: {
      load: () => require('dog-school/postgres').postgres,
      statement: from('postgres', 'dog-school/postgres'),
    },
    z: { load: () => require('zod').z, statement: from('z', 'zod') },
    Dog: { value: Dog, statement: from('Dog', file.dog) },
    DogSchool: { value: DogSchool, statement: from('DogSchool', file.school) },
    idOf: { value: undefined, statement: idOfStatement },
    school: { value: undefined, statement: `declare const school: import(${JSON.stringify(file.school)}).DogSchool` },
  }
}

/** The import statements that give a file the names of the prompt. */
export function imports({ file }: School, from: string): string[] {
  const near = (module: string) => {
    const path = relative(dirname(from), module).split(sep).join('/')
    return path.startsWith('.') ? path : `./${path}`
  }
  const names = Object.keys(library).join(', ')
  return [
    `import { ${names} } from 'dog-school'`,
    "import { sqlite } from 'dog-school/sqlite'",
    "import { postgres } from 'dog-school/postgres'",
    "import { z } from 'zod'",
    `import { Dog } from '${near(file.dog)}'`,
    `import { DogSchool } from '${near(file.school)}'`,
  ]
}
