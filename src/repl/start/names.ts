/** The names that every session starts with, wherever it runs. */
import * as library from 'dog-school'
import { sqlite } from 'dog-school/sqlite'
import type { Preloaded } from '../cells/evaluator'
import type { School } from './current-school'
import { statementsOf } from './statements'

/** @param loadZod gives `z` when it is first asked for */
export function namesOf({ file, Dog, DogSchool }: School, loadZod: () => unknown): Readonly<Record<string, Preloaded>> {
  const values: Readonly<Record<string, unknown>> = { ...library, sqlite, Dog, DogSchool }
  const statements = Object.entries(statementsOf(file, Object.keys(library)))
  return Object.fromEntries(
    statements.map(([name, each]) => [
      name,
      name === 'z' ? { ...each, load: loadZod } : { ...each, value: values[name] },
    ]),
  )
}
