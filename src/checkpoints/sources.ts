/**
 * The learner's files as text. An editor takes a file away for a moment to put another in its place, or leaves a link to
 * nowhere beside it; a lesson that is begun again has no folder for a moment. What is not there is empty, and never the
 * end of the judging.
 */
import { readdirSync, readFileSync, realpathSync } from 'node:fs'

function orElse<T>(other: T, read: () => T): T {
  try {
    return read()
  } catch {
    return other
  }
}

export const sourceAt = (path: string): string => orElse('', () => readFileSync(path, 'utf8'))

/** The names of all files of TypeScript below the folder, those of packages apart. */
export const sourcesIn = (folder: string): string[] =>
  orElse([], () => readdirSync(folder, { recursive: true, encoding: 'utf8' })).filter(
    (name) => name.endsWith('.ts') && !name.includes('node_modules'),
  )

/** The folder under the name that Node has for what it loads from there. */
export const realFolder = (folder: string): string => orElse(folder, () => realpathSync(folder))
