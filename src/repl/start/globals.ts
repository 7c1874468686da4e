/** The names that a session starts with, and how a file gets them. */
import { dirname, relative, sep } from 'node:path'
import * as library from 'dog-school'
import type { Preloaded } from '../cells/evaluator'
import type { School } from './current-school'
import { namesOf } from './names'
import { from } from './statements'

/** Those that Node has: what only some sessions need is loaded when it is used. */
export function preloaded(school: School): Readonly<Record<string, Preloaded>> {
  return {
    ...namesOf(school, () => require('zod').z),
    postgres: {
      load: () => require('dog-school/postgres').postgres,
      statement: from('postgres', 'dog-school/postgres'),
    },
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
